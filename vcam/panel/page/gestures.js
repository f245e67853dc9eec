// A card for each gesture: its picture, how confident recognition is, what it takes and does.
import { actionName, titleOf } from "./actions.js";
import { bindingDialog, tryAction } from "./dialog.js";
import { livePicture } from "./frames.js";
import { el, field, order, picture, replaceText, select, toast } from "./page.js";
import { showUndo, undoLast } from "./undo.js";
import { gestureName, handName, say, tenths } from "./words.js";

export function gesturesPage(shared) {
  const head = el("section", { class: "card head" });
  const bound = el("ul", { class: "cards" });
  const free = el("ul", { class: "cards spares" });
  const freeTitle = el("h2", {}, say("free"));
  const frames = livePicture();
  const find = el("input", { type: "search", oninput: sift, autocomplete: "off" });
  const steps = el(
    "button",
    {
      type: "button",
      class: "small",
      "data-key": "two steps",
      onclick: () => bindingDialog(null, null, act),
    },
    say("two_steps"),
  );
  const found = el("p", { class: "quiet", role: "status" });
  const boundTitle = el("h2", {}, say("bound"));
  const node = el(
    "div",
    {},
    el("h1", { class: "unseen" }, say("page_gestures")),
    head,
    el(
      "div",
      { class: "board" },
      // Beside the cards and as long as they are, so that the picture stays in sight.
      el(
        "div",
        { class: "tools" },
        field(say("find"), find),
        el(
          "section",
          { class: "watch", "aria-label": say("picture") },
          el("div", { class: "screen" }, frames.canvas),
        ),
      ),
      el(
        "div",
        {},
        found,
        el("div", { class: "row spread" }, boundTitle, steps),
        bound,
        freeTitle,
        free,
      ),
    ),
  );
  let cards = new Map();
  let drawn = "";

  const act = {
    shared,
    profile: () => shared.state?.profile ?? shared.catalogue.profile,
    async do(name, content, hint) {
      const done = await order(name, content);
      if (done && hint) toast(hint);
      await shared.refresh();
      return done;
    },
  };

  function catalogueChanged() {
    const key = JSON.stringify([shared.catalogue, act.profile()]);
    if (!shared.catalogue || key === drawn) return;
    drawn = key;
    const focus = document.activeElement?.dataset?.key;
    drawHead(head, act);
    drawCards();
    if (focus) node.querySelector(`[data-key="${CSS.escape(focus)}"]`)?.focus();
    if (shared.state) update(shared.state);
  }

  function drawCards() {
    const { catalogue } = shared;
    const bindings = catalogue.profiles[act.profile()] ?? [];
    const known = new Set(catalogue.gestures.map((each) => each.name));
    const sequences = [...new Set(bindings.map((each) => each.gesture))]
      .filter((name) => !known.has(name))
      .map((name) => ({ name, picture: false, own: false, example: null }));
    cards = new Map(
      [...catalogue.gestures, ...sequences].map((gesture) => [
        gesture.name,
        card(
          gesture,
          bindings.filter((each) => each.gesture === gesture.name),
          act,
        ),
      ]),
    );
    const used = new Set(bindings.map((each) => each.gesture));
    bound.replaceChildren(
      ...[...cards].filter(([name]) => used.has(name)).map(([, each]) => each.node),
    );
    free.replaceChildren(
      ...[...cards].filter(([name]) => !used.has(name)).map(([, each]) => each.node),
    );
    sift();
  }

  // Shows the cards whose name or action holds what was typed.
  function sift() {
    const wanted = find.value.trim().toLowerCase();
    for (const each of [...bound.children, ...free.children])
      each.hidden = wanted !== "" && !each.textContent.toLowerCase().includes(wanted);
    const none = (list) => [...list.children].every((each) => each.hidden);
    freeTitle.hidden = none(free);
    boundTitle.hidden = none(bound);
    replaceText(found, none(free) && none(bound) ? say("find_none") : "");
  }

  function update(state) {
    for (const [name, each] of cards) {
      const hands = state.hands.filter((hand) => hand.gesture === name);
      each.update(
        state.scores[name] ?? 0,
        Math.max(0, ...hands.map((hand) => hand.progress)),
        hands.length > 0,
        state.thresholds[name],
      );
    }
  }

  catalogueChanged();
  return {
    node,
    update,
    catalogueChanged,
    show: () => {
      frames.start();
      catalogueChanged();
    },
    hide: frames.stop,
    bind: (name) => bindingDialog(name, null, act),
  };
}

function drawHead(head, act) {
  const { catalogue } = act.shared;
  const profile = act.profile();
  const app = catalogue.apps.find((each) => each.name === profile);
  const names = Object.keys(catalogue.profiles).map((name) => [name, titleOf(name, catalogue)]);
  const hold = catalogue.settings.hold_ms;
  const shown = el("output", {}, seconds(hold));
  const slider = el("input", {
    type: "range",
    min: 200,
    max: 2000,
    step: 100,
    value: hold,
    "data-key": "hold",
    oninput: (event) => replaceText(shown, seconds(event.target.value)),
    onchange: (event) =>
      act.do(
        "setting",
        { key: "gestures.hold_ms", value: Number(event.target.value) },
        say("saved"),
      ),
  });
  const undo = el("button", {
    type: "button",
    class: "undo",
    "data-key": "undo",
    onclick: () => undoLast(act.shared),
  });
  showUndo(undo, catalogue);
  head.replaceChildren(
    field(
      say("profile_use"),
      select(names, profile, {
        "data-key": "profile",
        onchange: (event) => act.do("profile", { name: event.target.value }),
      }),
    ),
    field(say("hold_all"), el("span", { class: "row" }, slider, shown)),
    undo,
    ...(app ? [el("p", { class: "needs" }, el("strong", {}, say("needs")), ` ${app.needs}`)] : []),
    el("p", { class: "needs quiet by-hand" }, say("in_file")),
  );
}

function seconds(ms) {
  return say("seconds", { s: tenths(ms / 1000) });
}

function card(gesture, bindings, act) {
  const name = gestureName(gesture.name);
  const ring = el("div", { class: "ring" }, picture(gesture));
  const swipe = gesture.name.startsWith("swipe_") || gesture.name.includes(">");
  const meter = swipe ? null : scoreMeter(gesture.name, act);
  const rows = bindings.map((binding) => bindingRow(binding, act));
  const conflicts = (act.shared.catalogue.conflicts[act.profile()] ?? []).filter(
    (each) => each.gesture === gesture.name,
  );
  const does = el(
    "div",
    { class: "does" },
    ...rows,
    ...conflicts.map((each) =>
      el("p", { class: "note" }, say("conflict", { hand: handName(each.hand) })),
    ),
  );
  const add = el(
    "button",
    {
      type: "button",
      class: "small",
      "data-key": `bind ${gesture.name}`,
      "aria-label": say(rows.length ? "bind_more_of" : "bind_gesture", { gesture: name }),
      onclick: () => bindingDialog(gesture.name, null, act),
    },
    say(rows.length ? "bind_more" : "bind"),
  );
  const node = el(
    "li",
    { class: "card gesture", "data-gesture": gesture.name },
    ring,
    el(
      "div",
      { class: "about" },
      el("h3", {}, name),
      el("p", { class: "quiet" }, el("code", {}, gesture.name), meter?.hint),
    ),
    // In the order in which they are seen, which differs between the two kinds of cards.
    ...(rows.length ? [add, does, meter?.node] : [meter?.node, add]),
  );
  node.classList.toggle("spare", !rows.length);
  function update(score, progress, seen, threshold) {
    node.classList.toggle("seen", seen);
    node.classList.toggle("firing", progress >= 1);
    ring.style.setProperty("--share", String(progress));
    meter?.update(score, threshold);
  }
  return { node, update };
}

// What was asked for and is not in force yet: the file is read again within a second or so.
const asked = new Map();
const TAKEN_OVER_MS = 5000;

// The threshold to show, in percent: the one just asked for until the program has it.
function inForce(gesture, threshold) {
  const now = threshold ? Math.round(threshold * 100) : null;
  const wanted = asked.get(gesture);
  if (!wanted) return now;
  if (now !== wanted.percent && Date.now() < wanted.until) return wanted.percent;
  asked.delete(gesture);
  return now;
}

// A bar that moves while the gesture is shown, and on it the threshold to drag.
function scoreMeter(gesture, act) {
  const fill = el("div", { class: "fill" });
  const hint = el("span");
  const slider = el("input", {
    type: "range",
    min: 30,
    max: 99,
    value: inForce(gesture, act.shared.state?.thresholds[gesture]) ?? 55,
    "data-key": `score ${gesture}`,
    "aria-label": say("threshold_of", { gesture: gestureName(gesture) }),
    oninput: () => tell(),
    onchange: save,
  });
  let dragging = false;
  slider.addEventListener("pointerdown", () => {
    dragging = true;
  });
  for (const end of ["pointerup", "pointercancel"])
    slider.addEventListener(end, () => {
      dragging = false;
    });
  function tell() {
    replaceText(hint, say("needs_score", { percent: slider.value }));
  }
  async function save() {
    dragging = false;
    const percent = Number(slider.value);
    asked.set(gesture, { percent, until: Date.now() + TAKEN_OVER_MS });
    if (!(await act.do("threshold", { gesture, score: percent / 100 }, say("saved"))))
      asked.delete(gesture); // refused: what is in force is shown again
  }
  function update(score, threshold) {
    fill.style.setProperty("--share", String(score));
    fill.classList.toggle("full", score * 100 >= Number(slider.value));
    const percent = inForce(gesture, threshold);
    if (dragging || percent === null || String(percent) === slider.value) return;
    slider.value = String(percent);
    tell();
  }
  tell();
  return {
    node: el("div", { class: "score" }, el("div", { class: "track" }, fill, slider)),
    hint,
    update,
  };
}

function bindingRow(binding, act) {
  const { catalogue } = act.shared;
  const action = actionName(binding.action, catalogue, act.profile());
  const gesture = gestureName(binding.gesture);
  const key = `${binding.gesture} ${binding.hand}`;
  const detail = [
    handName(binding.hand),
    binding.hold_ms === null ? null : seconds(binding.hold_ms),
  ]
    .filter(Boolean)
    .join(" · ");
  const button = (name, run, extra = "") =>
    el(
      "button",
      {
        type: "button",
        class: `small ${extra}`,
        "data-key": `${name} ${key}`,
        "aria-label": say(`${name}_of`, { gesture, action }),
        onclick: run,
      },
      say(name),
    );
  return el(
    "div",
    { class: "binding" },
    el(
      "p",
      {},
      el("strong", {}, ...reactionName(binding.action, action)),
      el("span", { class: "quiet" }, detail),
    ),
    el(
      "div",
      { class: "row" },
      button("try", (event) => tryAction(binding.action, action, event.target)),
      button("edit", () => bindingDialog(binding.gesture, binding, act)),
      button("remove", async () => {
        await act.do("unbind", { ...binding, profile: act.profile() }, say("removed"));
        document.querySelector(`[data-key="${CSS.escape(`bind ${binding.gesture}`)}"]`)?.focus();
      }),
    ),
  );
}

// Not every system has a font with emoji: the sign is drawn as the call will see it.
function reactionName(action, name) {
  if (!action.startsWith("reaction:")) return [name];
  const sign = action.slice("reaction:".length).replaceAll("\u{fe0f}", "");
  const file = [...sign].map((part) => part.codePointAt(0).toString(16)).join("_");
  const [before, after] = say("do_reaction", { emoji: "\n" }).split("\n");
  const image = el("img", {
    class: "sign",
    src: `emoji_${file}.webp`,
    alt: sign,
    width: 24,
    height: 24,
  });
  return [before, image, after];
}
