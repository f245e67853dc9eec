// The frame of the page: pages, the stream of states, the pause button.
import { ask, order, replaceText } from "./page.js";
import { nameGestures, say, useLanguage } from "./words.js";
import { livePage } from "./live.js";
import { gesturesPage } from "./gestures.js";
import { settingsPage } from "./settings.js";
import { setupPage } from "./setup.js";
import { practisePage } from "./practise.js";
import { teachPage } from "./teach.js";

const shared = { state: null, catalogue: null, refresh, bind };
const pages = {};
const builders = {
  live: livePage,
  gestures: gesturesPage,
  settings: settingsPage,
  setup: setupPage,
  practise: practisePage,
  teach: teachPage,
};
const START_MS = 4000;
let shown = null;
let stream = null;

function label() {
  for (const node of document.querySelectorAll("[data-say]"))
    node.textContent = say(node.dataset.say);
  for (const node of document.querySelectorAll("[data-label]"))
    node.setAttribute("aria-label", say(node.dataset.label));
  replaceText(document.getElementById("pause"), say(shared.state?.paused ? "resume" : "pause"));
}

let asked = 0;
let taken = 0;

// Answers may come in another order than they were asked for: an older one than is known is dropped.
async function refresh() {
  const number = ++asked;
  const catalogue = await ask("catalogue");
  if (number < taken) return;
  taken = number;
  shared.catalogue = catalogue;
  nameGestures(shared.catalogue.titles);
  const other = await useLanguage(shared.catalogue.language);
  alertOf(shared.catalogue.error ? say("file_error", { error: shared.catalogue.error }) : null);
  if (other) rebuild();
  else if (shown === null) show();
  else for (const page of Object.values(pages)) page.catalogueChanged?.();
}

// Another language: every page is built again, and what had the focus has it again.
function rebuild() {
  label();
  if (shown === null) return show();
  const focus = document.activeElement?.dataset?.key;
  pages[shown].hide?.();
  for (const name of Object.keys(pages)) delete pages[name];
  shown = null;
  show();
  if (shared.state) take(shared.state);
  const again = focus && document.querySelector(`#main [data-key="${CSS.escape(focus)}"]`);
  return again?.focus();
}

// Opens the page of gestures and asks what this one should do.
function bind(gesture) {
  location.hash = "gestures";
  show();
  pages.gestures.bind(gesture);
}

function alertOf(text) {
  const box = document.getElementById("alert");
  box.hidden = !text;
  replaceText(box, text ?? "");
}

function show() {
  const name = Object.hasOwn(builders, location.hash.slice(1)) ? location.hash.slice(1) : "live";
  if (shown === name || shared.catalogue === null) return;
  for (const dialog of document.querySelectorAll("dialog[open]")) dialog.close();
  const main = document.getElementById("main");
  pages[shown]?.hide?.();
  pages[name] ??= builders[name](shared);
  main.replaceChildren(pages[name].node);
  pages[name].show?.();
  if (shared.state) pages[name].update?.(shared.state);
  for (const link of document.querySelectorAll("nav a")) {
    if (link.hash === `#${name}`) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
  document.title = `${say(`page_${name}`)} – ${say("title")}`;
  if (shown !== null) main.focus({ preventScroll: true });
  window.scrollTo(0, 0);
  shown = name;
}

let opened = Date.now();

// Who opened no page in particular, and has no way into a call or no camera, is shown the way. A
// camera takes a moment to start, so it is given one.
function showTheWay(state) {
  if (opened === null) return;
  const waits = state.doing === "waiting";
  if (location.hash !== "" || (!waits && state.no_output === null)) opened = null;
  else if (state.no_output !== null || Date.now() - opened > START_MS) {
    opened = null;
    location.hash = "setup";
  }
}

// The first message says everything, those after it what has changed.
function take(news) {
  const before = shared.state;
  const state = { ...before, ...news };
  shared.state = state;
  document.body.classList.remove("gone");
  showTheWay(state);
  const doing = document.getElementById("doing");
  doing.dataset.doing = state.doing;
  replaceText(doing, say(`doing_${state.doing}`));
  const pause = document.getElementById("pause");
  const paused = state.paused;
  pause.dataset.paused = String(paused); // its words say it: a pressed “Resume” would say it wrong
  replaceText(pause, say(paused ? "resume" : "pause"));
  if (before && (before.settings !== state.settings || before.profile !== state.profile)) refresh();
  pages[shown]?.update?.(state);
}

// Hidden tabs listen to nothing: they cost nothing, and leave connections to others.
function listen() {
  const wanted = !document.hidden;
  if (wanted && !stream) {
    stream = new EventSource("state");
    stream.onopen = () => refresh().catch(() => {});
    stream.onmessage = (message) => take(JSON.parse(message.data));
    stream.onerror = () => {
      const doing = document.getElementById("doing");
      doing.dataset.doing = "gone";
      document.body.classList.add("gone");
      replaceText(doing, say("doing_gone"));
      alertOf(say("gone"));
    };
  } else if (!wanted && stream) {
    stream.close();
    stream = null;
  }
  pages[shown]?.[wanted ? "show" : "hide"]?.();
}

// In some languages and widths the bar has two lines: what sticks below it has to know.
const bar = document.querySelector(".top");
new ResizeObserver(() =>
  document.documentElement.style.setProperty("--bar", `${bar.offsetHeight}px`),
).observe(bar);

// In a narrow window the pages stand below the button that pauses, in a wide one before it. They are
// moved, not only shown there: Tab goes in the order that is seen.
const menu = document.querySelector("nav");
const wide = window.matchMedia("(min-width: 80rem)");
function arrange() {
  const focused = document.activeElement;
  bar.insertBefore(menu, wide.matches ? document.getElementById("doing") : null);
  if (menu.contains(focused)) focused.focus();
}
arrange();
wide.addEventListener("change", arrange);

label();
// No page is called main: the link only hands the focus on.
document.querySelector(".skip").addEventListener("click", (event) => {
  event.preventDefault();
  document.getElementById("main").focus();
});
document
  .getElementById("pause")
  .addEventListener("click", () => order("pause", { paused: !shared.state?.paused }));
document.addEventListener("visibilitychange", listen);
window.addEventListener("hashchange", show);
await refresh().catch(() => alertOf(say("gone"))); // once it answers after all, the page is built
listen();
