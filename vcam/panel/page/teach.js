// Collect pictures of gestures: countdown, progress, and a grid to look them over.
import { livePicture } from "./frames.js";
import { ask, el, field, order, replaceText, select, toast } from "./page.js";
import { gestureName, handName, say } from "./words.js";

const AHEAD = 3;
const PERIOD_MS = 600;

export function teachPage(shared) {
  const frames = livePicture();
  const count = el("p", { class: "count", role: "status" });
  const progress = el("progress", { max: 20, value: 0, "aria-label": say("teach_done_share") });
  const names = shared.catalogue.gestures.map((each) => each.name).filter((name) => !name.startsWith("swipe_"));
  const options = [...names.map((name) => [name, gestureName(name)]), ["no_gesture", say("no_gesture")], ["", say("teach_own")]];
  const gesture = select(options, "stop", { onchange: adapt });
  const own = el("input", { pattern: "[a-z][a-z0-9]*(_[a-z0-9]+)*", placeholder: "vulcan", autocomplete: "off" });
  const ownField = field(say("teach_name"), own);
  const hand = select(["right", "left", "any"].map((each) => [each, handName(each)]), "right");
  const many = select([5, 10, 20, 40].map((n) => [String(n), String(n)]), "20");
  const start = el("button", { type: "button", class: "main", onclick: toggle }, say("teach_start"));
  const grid = el("div", { class: "collected" });
  const hint = el("p", { class: "needs" });
  let running = false;

  const node = el("div", { class: "live" },
    el("section", { class: "card stage", "aria-labelledby": "teach-title" },
      el("h1", { id: "teach-title" }, say("teach_title")), el("p", { class: "quiet" }, say("teach_text")),
      el("div", { class: "screen" }, frames.canvas, count), progress),
    el("div", { class: "side" },
      el("section", { class: "card form" }, field(say("teach_gesture"), gesture), ownField, field(say("which_hand"), hand), field(say("teach_count"), many), start),
      el("section", { class: "card", "aria-labelledby": "collected-title" }, el("h2", { id: "collected-title" }, say("collected")), grid, hint)));

  function adapt() {
    ownField.hidden = gesture.value !== "";
  }

  async function toggle() {
    running = !running;
    replaceText(start, say(running ? "teach_stop" : "teach_start"));
    if (running) await collect();
    running = false;
    replaceText(start, say("teach_start"));
    replaceText(count, "");
  }

  async function collect() {
    for (let left = AHEAD; left > 0 && running; left -= 1) {
      replaceText(count, say("teach_ready", { n: left }));
      await pause(1000);
    }
    const all = Number(many.value);
    progress.max = all;
    let done = 0;
    while (running && done < all) {
      if (!(await order("take", { gesture: gesture.value || own.value.trim(), hand: hand.value }))) break;
      done += 1;
      progress.value = done;
      replaceText(count, say("teach_progress", { done, all }));
      await pause(PERIOD_MS);
    }
    if (done) toast(say("teach_done", { n: done }));
    await review();
  }

  async function review() {
    const { folder, collected } = await ask("collected").catch(() => ({ folder: "", collected: [] }));
    grid.replaceChildren(...(collected.length ? collected.map(group) : [el("p", { class: "quiet" }, say("collected_none"))]));
    hint.replaceChildren(...(collected.length ? [el("strong", {}, say("teach_next")), " ", el("code", {}, `python -m training prepare --data "${folder}"`)] : []));
  }

  function group({ gesture: name, pictures }) {
    return el("details", { open: pictures.length < 50 },
      el("summary", {}, el("strong", {}, name === "no_gesture" ? say("no_gesture") : gestureName(name)), el("span", { class: "quiet" }, ` ${say("collected_count", { n: pictures.length })}`)),
      el("ul", { class: "grid" }, ...pictures.map((place, index) => thumb(place, name, index))));
  }

  function thumb(place, name, index) {
    return el("li", {}, el("img", { src: `collected-picture?picture=${encodeURIComponent(place)}`, alt: "", width: 120, height: 68, loading: "lazy" }),
      el("button", { type: "button", class: "delete", "aria-label": say("delete_picture", { n: index + 1, gesture: gestureName(name) }), onclick: () => remove(place) }, "×"));
  }

  async function remove(place) {
    await order("delete", { picture: place });
    await review();
  }

  adapt();
  return {
    node,
    show: () => { frames.start(); review(); },
    hide: () => { frames.stop(); running = false; },
  };
}

function pause(ms) {
  return new Promise((done) => setTimeout(done, ms));
}
