// Teach a gesture of one's own: show it, let the hands do as usual, and it counts at once.
import { ask, el, field, focusOn, order, picture, replaceText, send, toast } from "./page.js";
import { gestureName, say } from "./words.js";

export const IDLE = "no_gesture";
const PICTURES = 40;
const EVERY_MS = 250;
const STAGES = ["pose", "idle", "learn"];

export function ownGestures(shared, recorder, changed) {
  const name = el("input", {
    list: "own-names",
    pattern: "[a-z][a-z0-9]*(_[a-z0-9]+)*",
    placeholder: "vulcan",
    maxlength: 40,
    autocomplete: "off",
    spellcheck: "false",
  });
  const names = el("datalist", { id: "own-names" });
  const start = el(
    "button",
    { type: "button", class: "main", onclick: toggle },
    say("teach_start"),
  );
  const stages = el(
    "ol",
    { class: "stages" },
    ...STAGES.map((stage) => el("li", { "data-stage": stage }, say(`own_${stage}`))),
  );
  const result = el("div", { class: "result", role: "status" });
  const list = el("ul", { class: "owned" });
  let running = false;

  const form = el(
    "section",
    { class: "card form" },
    el("p", { class: "quiet" }, say("own_text")),
    field(say("teach_name"), name),
    names,
    start,
    stages,
    result,
  );
  const known = el(
    "section",
    { class: "card", "aria-labelledby": "own-title" },
    el("h2", { id: "own-title" }, say("own_title")),
    list,
  );

  async function toggle() {
    running = !running;
    if (!running) return recorder.stop();
    replaceText(start, say("teach_stop"));
    result.replaceChildren();
    await teach(name.value.trim());
    running = false;
    mark(null);
    replaceText(start, say("teach_start"));
  }

  async function teach(gesture) {
    if (!(await order("name", { gesture }))) return name.focus();
    mark("pose");
    const pose = await record(gesture, say("own_show", { gesture: gestureName(gesture) }));
    if (pose && (await idleHands()) < PICTURES) {
      mark("idle");
      if (!(await record(IDLE, say("own_rest")))) return changed();
    }
    if (pose) await learn(gesture);
    return changed();
  }

  // True when all were taken.
  async function record(gesture, what) {
    return (
      (await recorder.record({
        gesture,
        hand: "any",
        all: PICTURES,
        everyMs: EVERY_MS,
        what,
        needsHand: true,
      })) === PICTURES
    );
  }

  async function learn(gesture) {
    mark("learn");
    const reply = await send("learn", { gesture });
    mark(null);
    if (reply.ok) {
      const bind = el(
        "button",
        { type: "button", class: "main", onclick: () => shared.bind(gesture) },
        say("bind_gesture", { gesture: gestureName(gesture) }),
      );
      result.replaceChildren(
        el(
          "p",
          { class: "good" },
          say("own_learnt", { gesture: gestureName(gesture), n: reply.answer }),
        ),
        bind,
      );
    } else {
      result.replaceChildren(
        el("p", { class: "note" }, reply.error),
        el("p", { class: "quiet" }, say("own_failed")),
      );
    }
    await shared.refresh();
  }

  function mark(stage) {
    for (const each of stages.children) {
      if (each.dataset.stage === stage) each.setAttribute("aria-current", "step");
      else each.removeAttribute("aria-current");
    }
  }

  function draw() {
    const custom = shared.catalogue.gestures.filter((each) => each.own);
    names.replaceChildren(...custom.map((each) => el("option", { value: each.name })));
    list.replaceChildren(
      ...(custom.length ? custom.map(row) : [el("li", { class: "quiet" }, say("own_none"))]),
    );
  }

  function row(entry) {
    const gesture = gestureName(entry.name);
    return el(
      "li",
      {},
      picture(entry),
      el("strong", {}, gesture),
      el(
        "button",
        {
          type: "button",
          class: "small",
          "aria-label": say("bind_gesture", { gesture }),
          onclick: () => shared.bind(entry.name),
        },
        say("bind"),
      ),
      el(
        "button",
        {
          type: "button",
          class: "small",
          "aria-label": say("forget_of", { gesture }),
          onclick: () => forget(entry.name),
        },
        say("forget"),
      ),
    );
  }

  async function forget(gesture) {
    if (await order("forget", { gesture }))
      toast(say("forgotten", { gesture: gestureName(gesture) }));
    await shared.refresh();
    if (document.activeElement === document.body) focusOn(list.querySelector("button"), name);
  }

  draw();
  return { nodes: [form, known], draw, learn };
}

async function idleHands() {
  const { collected } = await ask("collected").catch(() => ({ collected: [] }));
  return collected.find((each) => each.gesture === IDLE)?.pictures.length ?? 0;
}
