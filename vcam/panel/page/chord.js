// Record the keys that a person presses, by their place on the keyboard.
import { el } from "./page.js";
import { say } from "./words.js";

const PLACES = {
  Space: "space",
  Enter: "enter",
  NumpadEnter: "enter",
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

// Letters by what they mean in this layout, other keys by their place; null for a modifier alone.
export function keyOf(event) {
  if (/^[a-z0-9]$/i.test(event.key)) return event.key.toLowerCase();
  const letter = /^(?:Key([A-Z])|Digit([0-9])|(F\d{1,2}))$/.exec(event.code);
  if (letter) return (letter[1] ?? letter[2] ?? letter[3]).toLowerCase();
  return PLACES[event.code] ?? null;
}

export function chordOf(event) {
  const key = keyOf(event);
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
  const told = el("span", { role: "status", class: "quiet" });
  let listening = false;
  const button = el(
    "button",
    {
      type: "button",
      class: "record",
      "aria-pressed": "false",
      onclick: () => listen(!listening),
      onblur: () => listen(false),
      onkeydown: press,
    },
    say("record"),
  );
  function listen(on) {
    listening = on;
    button.setAttribute("aria-pressed", String(on));
    button.textContent = say(on ? "recording" : "record");
  }
  function press(event) {
    if (!listening || event.key === "Tab") return;
    event.preventDefault();
    event.stopPropagation();
    const chord = chordOf(event);
    if (!chord) return;
    text.value = chord;
    told.textContent = say("recorded", { chord });
    text.dispatchEvent(new Event("input", { bubbles: true }));
    listen(false);
  }
  button.addEventListener("keyup", (event) => {
    if (event.key === " ") event.preventDefault();
  });
  const box = el(
    "div",
    { class: "field" },
    el("label", { for: "chord" }, label),
    el("div", { class: "row" }, text, button),
    el("span", { id: "chord-hint", class: "quiet" }, say("chord_hint")),
    told,
  );
  return { box, text };
}
