// Record the keys that a person presses, by their place on the keyboard.
import { el, prose } from "./page.js";
import { say } from "./words.js";

const PLACES = {
  Space: "space",
  Enter: "enter",
  Escape: "esc",
  Backspace: "backspace",
  Delete: "delete",
  Insert: "insert",
  Home: "home",
  End: "end",
  PageUp: "page_up",
  PageDown: "page_down",
  ArrowUp: "up",
  ArrowDown: "down",
  ArrowLeft: "left",
  ArrowRight: "right",
  Minus: "-",
  Equal: "=",
  BracketLeft: "[",
  BracketRight: "]",
  Backslash: "\\",
  Semicolon: ";",
  Quote: "'",
  Comma: ",",
  Period: ".",
  Slash: "/",
  Backquote: "`",
  MediaPlayPause: "media_play_pause",
  MediaTrackNext: "media_next",
  MediaTrackPrevious: "media_previous",
  AudioVolumeMute: "media_volume_mute",
  AudioVolumeUp: "media_volume_up",
  AudioVolumeDown: "media_volume_down",
};

const NUMPAD = {
  NumpadAdd: "numpad_plus",
  NumpadSubtract: "numpad_minus",
  NumpadMultiply: "numpad_multiply",
  NumpadDivide: "numpad_divide",
  NumpadDecimal: "numpad_decimal",
  NumpadEnter: "numpad_enter",
};

// Keys of their own when they are pressed and let go alone, as for push-to-talk.
const RIGHT = {
  ControlRight: "right_ctrl",
  AltRight: "right_alt",
  ShiftRight: "right_shift",
  MetaRight: "right_cmd",
  OSRight: "right_cmd",
};

// By the number that the browser gives a button; 0, the left one, presses buttons of the page.
const MOUSE = { 1: "mouse_middle", 2: "mouse_right", 3: "mouse_back", 4: "mouse_forward" };

// Letters by what they mean in this layout, other keys by their place; null for a modifier alone.
// The numpad's keys are others than those above the letters, with and without NumLock.
export function keyOf(event) {
  const digit = /^Numpad(\d)$/.exec(event.code);
  if (digit) return `numpad_${digit[1]}`;
  if (event.code in NUMPAD) return NUMPAD[event.code];
  if (/^[a-z0-9]$/i.test(event.key)) return event.key.toLowerCase();
  const letter = /^(?:Key([A-Z])|Digit([0-9])|(F\d{1,2}))$/.exec(event.code);
  if (letter) return (letter[1] ?? letter[2] ?? letter[3]).toLowerCase();
  return PLACES[event.code] ?? null;
}

export function chordOf(event) {
  return withModifiers(event, keyOf(event));
}

function withModifiers(event, key) {
  if (!key) return null;
  const modifiers = [
    ["ctrlKey", "ctrl"],
    ["altKey", "alt"],
    ["shiftKey", "shift"],
    ["metaKey", "cmd"],
  ];
  return [...modifiers.filter(([flag]) => event[flag]).map(([, name]) => name), key].join("+");
}

// A text field for a chord with a button that records it. Tab leaves, so that nobody is trapped.
export function chordField(value, label = say("chord")) {
  const text = el("input", {
    id: "chord",
    value,
    autocomplete: "off",
    spellcheck: "false",
    placeholder: "ctrl+shift+m",
    "aria-describedby": "chord-hint",
  });
  const hint = el("span", { role: "status", class: "quiet" });
  let listening = false;
  let alone = null; // the right modifier that is down, while no other key was
  const button = el(
    "button",
    {
      type: "button",
      class: "record",
      "aria-pressed": "false",
      onclick: () => listen(!listening),
      onblur: () => listen(false),
      onkeydown: press,
      onmousedown: click,
      oncontextmenu: (event) => listening && event.preventDefault(),
    },
    say("record"),
  );
  function listen(on) {
    listening = on;
    alone = null;
    button.setAttribute("aria-pressed", String(on));
    button.textContent = say(on ? "recording" : "record");
  }
  function press(event) {
    if (!listening || event.key === "Tab") return;
    event.preventDefault();
    event.stopPropagation();
    alone = RIGHT[event.code] ?? null;
    take(chordOf(event));
  }
  function click(event) {
    if (!listening || !(event.button in MOUSE)) return;
    event.preventDefault();
    take(withModifiers(event, MOUSE[event.button]));
  }
  function take(chord) {
    if (!chord) return;
    text.value = chord;
    hint.textContent = say("recorded", { chord });
    text.dispatchEvent(new Event("input", { bubbles: true }));
    listen(false);
  }
  button.addEventListener("keyup", (event) => {
    if (event.key === " ") event.preventDefault();
    if (listening && alone && RIGHT[event.code] === alone) take(alone);
  });
  // A browser goes back and forward by these buttons when they are let go.
  button.addEventListener("mouseup", (event) => {
    if (event.button in MOUSE) event.preventDefault();
  });
  const box = el(
    "div",
    { class: "field" },
    el("label", { for: "chord" }, label),
    el("div", { class: "row" }, text, button),
    el("span", { id: "chord-hint", class: "quiet" }, ...prose(say("chord_hint"))),
    hint,
  );
  return { box, text };
}
