// Elements, requests and the toast: what every page is built with.
import { say } from "./words.js";

export function el(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else if (value === true) made.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined)
      made.setAttribute(name, value);
  }
  made.append(...children.filter((child) => child !== null && child !== undefined));
  return made;
}

// A text of the program's: `commands` in backquotes are set as such, the stars of emphasis are not.
export function prose(text) {
  return text
    .replaceAll("*", "")
    .split("\x60")
    .map((part, index) => (index % 2 ? el("code", {}, part) : part));
}

export function replaceText(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

export async function ask(name) {
  const answer = await fetch(name);
  if (!answer.ok) throw new Error(`${name}: ${answer.status}`);
  return answer.json();
}

// Sends an order and returns {ok, answer} or {ok, error}.
export async function send(name, content = {}) {
  try {
    const answer = await fetch(name, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(content),
      keepalive: true, // what is asked as the page is left is still done
    });
    return await answer.json();
  } catch {
    return { ok: false, error: say("gone") };
  }
}

// The same; says what went wrong and returns null then.
export async function order(name, content = {}) {
  const reply = await send(name, content);
  if (reply.ok) return reply;
  toast(reply.error, true);
  return null;
}

// Runs what a button asks for. It keeps the focus, which a disabled one would lose, and a press
// meanwhile does nothing.
export async function busy(button, run) {
  if (button.getAttribute("aria-disabled") === "true") return;
  button.setAttribute("aria-disabled", "true");
  try {
    await run();
  } finally {
    button.removeAttribute("aria-disabled");
  }
}

// Gives the focus to the first of these that is shown; where all are gone, to the page itself.
export function focusOn(...nodes) {
  const shown = nodes.find((each) => each?.isConnected && each.getClientRects().length);
  (shown ?? document.getElementById("main")).focus();
}

const FADED_MS = 400; // what is out of sight is not read out either
let fading;
let last = null; // the place of what was said last
export function toast(text, bad = false) {
  // An open dialog lies above everything else, so it has a place of its own for what is said.
  const box = document.querySelector("dialog[open] .said") ?? document.getElementById("toast");
  if (last !== null && last !== box) hush(last); // nobody else would take that away
  last = box;
  box.textContent = text.charAt(0).toUpperCase() + text.slice(1);
  box.classList.toggle("bad", bad);
  box.classList.add("shown");
  clearTimeout(fading);
  fading = setTimeout(
    () => {
      box.classList.remove("shown");
      fading = setTimeout(() => hush(box), FADED_MS);
    },
    bad ? 9000 : 4000,
  );
}

function hush(box) {
  box.classList.remove("shown");
  replaceText(box, "");
}

// Where a collected picture is found, as the part of it around the hand.
export function collected(place) {
  return `collected-picture?picture=${encodeURIComponent(place)}`;
}

// The picture of a gesture of the catalogue: drawn by us, or one that was taken of it.
export function picture(gesture) {
  const taken = gesture?.example ? collected(gesture.example) : null;
  const source = gesture?.picture ? `${gesture.name}.webp` : taken;
  if (!source) return el("span", { class: "hand none", "aria-hidden": "true" }, "?");
  return el("img", {
    class: taken ? "hand photo" : "hand",
    src: source,
    alt: "",
    width: 88,
    height: 88,
    loading: "lazy",
  });
}

export function entry(catalogue, name) {
  return catalogue.gestures.find((each) => each.name === name);
}

export function field(label, control) {
  return el("label", { class: "field" }, el("span", {}, label), control);
}

export function select(options, value, attributes = {}) {
  const made = el(
    "select",
    attributes,
    ...options.map(([key, text]) => el("option", { value: key }, text)),
  );
  if (value !== null && value !== undefined) made.value = value;
  return made;
}
