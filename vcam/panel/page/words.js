// Every text of the page in English but the settings' own, which the program has. Translations of both
// lie in vcam/locale; `python docs/make_catalogue.py` takes these here into that catalogue. Where a
// number decides, there is a text for each form that Intl.PluralRules knows, and the number is {n}.
export const words = {
  title: "Gesture Cam",
  skip: "Skip to the content",
  pages: "Pages",
  page_live: "Live",
  page_gestures: "Gestures",
  page_settings: "Settings",
  page_setup: "Set up",
  page_practise: "Practise",
  page_teach: "Teach",

  doing_recognising: "Recognising",
  doing_idle: "Ready, no hand in view",
  doing_paused: "Paused: nothing will fire",
  doing_waiting: "Waiting for a picture",
  doing_gone: "The program has ended",
  gone:
    "The program does not answer. Start it again with “vcam panel”; its address will be " +
    "a new one.",
  pause: "Pause gestures",
  resume: "Resume gestures",

  picture: "Picture",
  view_mine: "You, as in a mirror",
  view_call: "What the call sees",
  picture_mine: "Live picture of you, mirrored, with boxes around your hands",
  picture_call: "Live picture as it goes out to the call, not mirrored",
  no_picture: "No picture yet",
  holding: "{gesture}, {hand}: keep holding to {action}",
  holding_none: "{gesture}, {hand}: nothing is bound to it",
  held: "{gesture}, {hand}: fired, lower your hand",
  no_hand: "Hold up a hand to see it recognised.",
  state: "State",
  camera: "Camera",
  goes_to: "Goes to",
  out_virtual: "virtual camera",
  out_window: "window",
  out_null: "nowhere (only this page)",
  seen_by: "Seen by",
  seen_by_nobody: "no app yet",
  microphone: "Microphone",
  muted: "Muted",
  unmuted: "On",
  unknown: "Not known",
  profile: "Profile",
  why_camera: "{name}, whose app shows your camera",
  why_focus: "{name}, whose app has the focus",
  why_overruled: "{name}, as you chose",
  follow_call: "Let the profile follow the call",
  frames: "Picture rate",
  frames_value: "{fps} a second",
  cpu: "Processor",
  cpu_value: "{cpu} % of one core",
  video_blank: "The call sees a card: be right back",
  video_blur: "The call sees you blurred",
  video_freeze: "The call sees a still picture",
  no_output: "No app can show your picture yet. What is missing, and how to fix it:",
  dry_run: "Trial run: keys and microphone are left alone",
  fired: "What fired",
  fired_none: "Nothing yet. Hold up a bound gesture until its ring is full.",
  wrong: "That was wrong",
  wrong_of: "That was wrong: {gesture} at {time}",
  wrong_done: "Noted as wrong",
  missed_title: "Was a gesture missed?",
  missed_off:
    "With this on, the last three seconds are kept in memory as small pictures. Nothing is " +
    "written to disk until you say which gesture you showed.",
  missed_switch: "Keep the last three seconds in memory",
  missed_on:
    "Right after it, say which one. The last three seconds, kept in memory alone, are then " +
    "written as pictures to {folder}, which only you can read, for “python -m training improve”. " +
    "They go nowhere else.",
  missed_which: "I showed",
  missed_keep: "Keep the last 3 seconds",
  outcome_waiting: "… {action}",
  outcome_done: "✓ {action}",
  outcome_failed: "✗ Not done: {action}",
  outcome_dry_run: "Trial run, not done: {action}",
  call_shows: "Show the call",
  option_gestures: "Boxes while I gesture",
  option_reactions: "Only reactions and mute",
  option_everything: "Everything that I see",
  nothing_bound: "No action",
  only_focus: "Only while {app} has the focus",

  hand_left: "left hand",
  hand_right: "right hand",
  hand_any: "either hand",
  hand_both: "both hands at once",
  hand_null: "a hand",
  steps: "{first}, then {second}",

  profile_use: "Profile in use",
  needs: "What to switch on:",
  undo: "Undo last change",
  undo_of: "Undo last change: {what}",
  undone: "Undone: {what}",
  saved: "Saved.",
  bound: "In use",
  free: "Free to bind",
  in_file: "All of this is one text file, which you may edit by hand as well; it is watched.",
  file_error: "The settings file has a mistake, so the last good settings are in force: {error}",
  hold_all: "Usual hold time",
  seconds: "{s} s",
  score_of: "Score of {gesture} now",
  needs_score: "Needs {percent} %",
  threshold_of: "Least score for {gesture}, in percent",
  bind: "Bind",
  bind_more: "Bind another hand",
  bind_more_of: "Bind another hand: {gesture}",
  bind_gesture: "Bind {gesture}",
  edit: "Change",
  edit_of: "Change {gesture}: {action}",
  remove: "Remove",
  remove_of: "Remove from {gesture}: {action}",
  removed: "Removed.",
  try: "Try it",
  try_of: "Try it: {action}",
  trying: "{action} in {n} s: switch to your app now",
  tried: "Done: {action}",
  tried_dry: "Trial run, not done: {action}",
  conflict: "The {hand} has its own binding; “either hand” then means the other one.",

  find: "Search",
  find_none: "No gesture is called that, and none does that.",
  two_steps: "Bind two gestures in a row",
  dialog_steps: "What should two gestures in a row do?",
  step_first: "First",
  step_then: "Then",

  dialog_title: "What should {gesture} do?",
  what: "Action",
  which_hand: "Hand",
  hold_time: "Hold for",
  hold_usual: "usual time",
  chord: "Keys",
  chord_hint:
    "Such as `ctrl+shift+m`, `right_ctrl`, `numpad_5` or `mouse_back`. Keys that the browser keeps for itself can be typed here.",
  record: "Press the keys now",
  recording: "Press them, or click here with a mouse button… (Tab stops)",
  recorded: "Recorded {chord}",
  tone: "Skin tone",
  tone_none: "Yellow",
  tone_0: "Light",
  tone_1: "Medium light",
  tone_2: "Medium",
  tone_3: "Medium dark",
  tone_4: "Dark",
  emoji_hands: "Hands",
  emoji_faces: "Faces",
  emoji_hearts: "Hearts",
  emoji_signs: "Signs",
  emoji_party: "Celebrate",
  argv: "Program and arguments, each in quotes, in square brackets",
  save: "Save",
  cancel: "Cancel",

  settings_title: "Settings",
  at_next_start: "From the next start on",
  none: "None",
  save_key: "Save these keys",
  group_call: "What people see",
  group_timing: "Hold and release",
  group_who: "Whose hands count, and when",
  group_safety: "Safety and practice",
  group_camera: "Camera",
  group_program: "The program",
  option_calm: "Calm: hold for 0.9 s, plainly",
  option_usual: "Usual: hold for 0.6 s",
  option_quick: "Quick: hold for 0.35 s, with more false alarms",
  login_title: "At login",
  login_on: "Start Gesture Cam when I log in",
  login_text: "It starts in the tray, without a window.",
  easy_hold_text: "For hands that tremble or open slowly: hold longer, and forgive short gaps.",
  easy_hold: "Easy hold",
  usual_hold: "Usual times",
  profiles_title: "Profiles",
  profile_use_now: "Use it",
  profile_when: "Follow these apps (names with commas between them)",
  profile_when_save: "Follow them",
  profile_export: "Export to a file",
  profile_delete: "Delete",
  profile_name: "New name",
  profile_new: "Make an empty profile",
  profile_copy: "Copy under the new name",
  profile_rename: "Rename",
  profile_import: "Import from a file",
  profile_imported: "Imported as {name}.",
  profile_shipped: "This one ships with the program. Copy it to rename or delete the copy.",

  group_mic: "Microphone of the whole system (every app)",
  group_app: "{app}",
  group_picture: "Your picture",
  group_keys: "Keys",
  group_other: "More",
  act_mic_mute: "Mute the microphone",
  act_mic_unmute: "Unmute the microphone",
  act_mic_toggle: "Microphone on or off",
  act_video_blank: "Show “be right back”",
  act_video_blur: "Blur the picture",
  act_video_freeze: "Freeze the picture",
  act_video_resume: "Show the live picture again",
  act_overlay_on: "Show boxes to the call",
  act_overlay_off: "Hide boxes from the call",
  act_overlay_toggle: "Boxes for the call on or off",
  act_pause: "Pause gestures",
  act_resume: "Resume gestures",
  plugin_obs: "OBS",
  plugin_teams: "Teams",
  plugin_mqtt: "MQTT",
  plugin_webhook: "Webhook",
  plugin_stream: "Event stream",
  plugin_sounds: "Sounds",
  plugin_none: "OBS, Teams, Home Assistant: name them in the settings file",
  plugin_choose: "Action of {name}…",
  plugin_argument: "Which one",
  plugin_verb: "What {name} shall do",
  plugin_asks: "Asking…",
  plugin_offers: "Such as {names}",
  key_ctrl: "Ctrl",
  key_alt: "Alt",
  key_shift: "Shift",
  key_cmd: "Cmd",
  key_space: "Space",
  key_enter: "Enter",
  key_esc: "Esc",
  act_key: "Press keys…",
  act_hold: "Hold keys down while shown…",
  act_reaction: "Let an emoji float up…",
  act_profile: "Change to profile {name}",
  act_run: "Start a program…",
  do_key: "Press {keys}",
  do_hold: "Hold {keys} down",
  do_reaction: "React with {emoji}",
  do_run: "Start {argv}",
  app_mute: "Mute or unmute in {app}",
  app_hand: "Raise or lower your hand in {app}",
  app_talk: "Push to talk in {app}",
  app_hotkey: "{app} hotkey {keys}",

  setup_title: "Ready for your next call in a minute",
  step_camera: "Choose your camera",
  camera_none: "No camera was found. Plug one in and look again, or try the demo clip.",
  look_again: "Look again",
  looking: "Looking…",
  use_camera: "Use this camera",
  using_camera: "In use",
  demo_camera: "Demo clip",
  first_camera: "the first one found",
  step_app: "Choose your app",
  step_try: "Try a gesture",
  try_hint: "Hold up this hand, fingers together, until the ring is full. It will {action}.",
  try_hint_other: "Show this gesture until the ring is full. It will {action}.",
  try_done: "It works. {gesture} fired.",
  step_select: "Select “{camera}” in your app",
  select_zoom: "Zoom › Arrow beside Start Video › Select a Camera",
  select_discord: "Discord › User Settings › Voice & Video › Camera",
  select_teams: "Teams › More › Settings › Device settings › Camera",
  select_meet: "Google Meet › Three dots › Settings › Video › Camera",
  select_slack: "Slack › Huddle › Arrow beside the camera",
  select_obs: "OBS › Sources › + › Video Capture Device",
  select_system: "Any app › Video settings › Camera",
  select_seen: "It works: {app} shows it now.",
  select_unseen: "No app shows it yet.",
  select_missing: "This camera does not exist yet: see above what is missing.",
  select_order:
    "Keep this program running: apps list the camera only while it gives a picture. Your " +
    "own picture may look mirrored there; others see you the right way round.",
  step_doctor: "Is anything else missing?",
  step_call: "What should the call see?",
  option_gestures_text: "A box and a ring while you hold a gesture; nothing otherwise.",
  option_reactions_text: "Emoji that you send, and a badge while you are muted.",
  option_everything_text: "Boxes and names of all hands, all the time.",
  next_step: "Next",
  seen_camera: "A picture comes",
  seen_try: "{gesture} fired",
  seen_failed: "{gesture} fired, but its action failed",
  try_failed: "{gesture} was recognised, but its action failed: {reason}",
  seen_select: "{app} shows it",
  then_more: "Then {n} more",
  all_well: "Nothing is missing.",
  doctor_failed: "The check did not answer. Start the program again, then look again.",
  also_good: { one: "{n} more check: good", other: "{n} more checks: good" },
  status_ok: "Good",
  status_warn: "Look at this",
  status_fail: "Missing",
  fix: "Fix:",
  below: "the line below",
  copy: "Copy",
  copied: "Copied.",
  copy_refused: "The browser refused to copy. The line is selected: copy it with the keys.",

  practise_title: "Practise your gestures",
  practise_text:
    "You are shown a gesture: copy it. Nothing is done meanwhile. At the end you see which settings " +
    "would suit your hands.",
  practise_ready: "Ready when you are",
  practise_plan: "These will be asked for",
  practise_start: "Start",
  practise_again: "Once more",
  practise_skip: "Skip this one",
  practise_nothing: "No held gesture is bound in this profile: bind one on the page Gestures.",
  practise_show: "Show: {gesture}",
  practise_hold: "Good, keep holding",
  practise_good: "{gesture}: {percent} % sure",
  practise_missed: "{gesture} did not fire, {percent} % sure.",
  practise_unseen: "{gesture} was not seen.",
  practise_done: "That was all",
  practise_count: { one: "{n} of {all} fired.", other: "{n} of {all} fired." },
  practise_results: "How it went",
  help_covered: "The camera is covered.",
  help_light: "More light, please.",
  help_hand: "Hold up your hand.",
  help_closer: "Come closer.",
  help_farther: "A little farther away.",
  help_into_picture: "Move your whole hand into the picture.",
  help_keep_still: "Hold it still.",
  help_off_face: "Hold it beside your face, not before it.",
  help_apart: "Keep your hands apart.",
  help_raise_hand: "Raise your hand a little.",
  help_other_hand: "Let your other hand rest.",
  help_turn_palm: "Turn the palm to the camera.",
  help_turn_back: "Turn the back of your hand to the camera.",
  help_spread: "Spread your fingers.",
  help_together: "Keep your fingers together.",
  help_thumb_out: "Stretch your thumb out.",
  help_thumb_in: "Fold your thumb in.",
  help_other: "That looks like {gesture}.",
  help_nearly: "Nearly: {percent} of {min} %. Turn your hand plainly to the camera.",
  suggest_title: "What would suit you",
  suggest_nothing: "Your settings suit you: nothing to change.",
  suggest_score: "Accept {gesture} from {percent} % on.",
  suggest_hold: "Fire after {s} s.",
  suggest_easy: "Your hand lets go now and then: easy hold forgives that.",
  suggest_use: "Use it",

  teach_title: "Show it what your gestures look like",
  teach_what: "What to teach",
  teach_own: "A gesture of my own",
  teach_training: "Pictures for training",
  teach_own_text:
    "Pictures stay on this machine, in a folder that only you can read, until you delete " +
    "them below. Show the pose that you will show in calls, with the hand or hands that " +
    "should count.",
  teach_training_text:
    "Pictures stay on this machine, in a folder that only you can read. Move your hand a " +
    "little from picture to picture: nearer, farther, turned, in other light.",
  teach_gesture: "Gesture",
  teach_name: "Its name, such as vulcan",
  teach_count: "How many pictures",
  teach_start: "Start",
  teach_stop: "Stop now",
  teach_ready: "{what} in {n}",
  teach_progress: "{what}: {done} of {all}",
  teach_no_camera: "No picture comes from the camera",
  teach_no_hand: "No hand is seen",
  teach_done_share: "Pictures taken so far",
  teach_done: { one: "{n} picture taken.", other: "{n} pictures taken." },
  collected: "Collected so far",
  collected_none: "Nothing yet.",
  collected_count: { one: "{n} picture", other: "{n} pictures" },
  delete_picture: "Delete picture {n} of {gesture}",
  teach_next: "To train with them:",
  delete_all: "Delete all",
  delete_all_of: "Delete all pictures of {gesture}",
  undelete: "Bring back the last deleted picture",
  undeleted: "It is back.",
  delete_sure: "Really delete {n} of {gesture}?",
  learn_again: "Learn again from these",
  learn_again_of: "Learn {gesture} again from these pictures",

  own_text: "It takes half a minute. Choose a pose unlike the gestures that are known already.",
  own_pose: "Show your gesture for ten seconds",
  own_idle: "Let your hands do as usual: rest, point, touch your face",
  own_learn: "It is learnt, and counts at once",
  own_show: "Show {gesture}",
  own_rest: "Now hands as usual",
  own_learnt: {
    one: "{gesture} is learnt from {n} picture and counts from now on.",
    other: "{gesture} is learnt from {n} pictures and counts from now on.",
  },
  own_failed:
    "Nothing was changed. Delete pictures below that are no good, then learn again from " +
    "the rest, or take new ones.",
  own_title: "Your own gestures",
  own_none: "None yet.",
  forget: "Forget",
  forget_of: "Forget {gesture}",
  forgotten: "{gesture} is forgotten. Its pictures are still below.",
};

// Languages in which a noun keeps its capital within a sentence.
const CAPITALS_STAY = ["de"];
let language = "en";
let texts = {}; // in that language, by key

// Takes the texts of another language; says whether it is another one.
export async function useLanguage(wanted) {
  if (wanted === language) return false;
  const answer = await fetch("texts");
  if (!answer.ok) return false;
  ({ language, texts } = await answer.json());
  document.documentElement.lang = language;
  return true;
}

export function say(key, values = {}, fallback = key) {
  const text = texts[key] ?? words[key] ?? fallback;
  const form = typeof text === "string" ? text : formFor(values.n, text);
  return form.replace(/\{(\w+)\}/g, (_, name) => shown(values[name] ?? ""));
}

function formFor(number, forms) {
  return forms[new Intl.PluralRules(language).select(number)] ?? forms.other;
}

function shown(value) {
  if (typeof value !== "number") return String(value);
  return value.toLocaleString(language, { useGrouping: false });
}

export function tenths(number) {
  return number.toLocaleString(language, { minimumFractionDigits: 1, useGrouping: false });
}

export function timeOfDay(date) {
  // English is spoken in many places, of which the browser knows which.
  return date.toLocaleTimeString(language === "en" ? undefined : language);
}

// The name of an action as a part of a sentence.
export function within(text) {
  if (CAPITALS_STAY.includes(language)) return text;
  return text.charAt(0).toLowerCase() + text.slice(1);
}

let titles = {};

// The program says what gestures are called: the same names as on the picture and in the terminal.
export function nameGestures(names) {
  titles = names;
}

export function gestureName(name) {
  const steps = name.split(">").map((step) => titles[step] ?? step.replaceAll("_", " "));
  return steps.length > 1 ? say("steps", { first: steps[0], second: steps[1] }) : steps[0];
}

export function handName(hand) {
  return say(`hand_${hand}`);
}
