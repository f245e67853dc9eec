// Teach: a gesture of one's own, or pictures to train with; and a grid to look them over.
import { IDLE, ownGestures } from "./custom_gestures.js";
import {
  ask,
  collected,
  el,
  entry,
  field,
  focusOn,
  order,
  replaceText,
  select,
  toast,
} from "./page.js";
import { recorder } from "./record.js";
import { gestureName, handName, say } from "./words.js";

const EVERY_MS = 600;
const OPEN = 50;

export function teachPage(shared) {
  const taking = recorder(shared);
  const custom = ownGestures(shared, taking, review);
  const training = trainingForm(shared, taking, review);
  const grid = el("div", { class: "collected" });
  const hint = el("p", { class: "needs" });
  const text = el("p", { class: "quiet" });
  const undelete = el(
    "button",
    { type: "button", class: "small", hidden: true, onclick: bringBack },
    say("undelete"),
  );
  const choice = (value, checked) =>
    el(
      "label",
      {},
      el("input", { type: "radio", name: "teach", value, checked, onchange: () => choose(value) }),
      el("span", {}, say(`teach_${value}`)),
    );

  const node = el(
    "div",
    { class: "live teach" },
    el(
      "section",
      { class: "card stage", "aria-labelledby": "teach-title" },
      el("h1", { id: "teach-title" }, say("teach_title")),
      el(
        "fieldset",
        { class: "switch" },
        el("legend", { class: "unseen" }, say("teach_what")),
        choice("own", true),
        choice("training", false),
      ),
      ...taking.nodes,
      text,
    ),
    el("div", { class: "side" }, ...custom.nodes, training),
    el(
      "section",
      { class: "card", "aria-labelledby": "collected-title" },
      el("h2", { id: "collected-title" }, say("collected")),
      undelete,
      grid,
      hint,
    ),
  );

  function choose(value) {
    taking.stop();
    node.querySelector(`[name=teach][value=${value}]`).checked = true;
    for (const each of custom.nodes) each.hidden = value !== "own";
    training.hidden = hint.hidden = value !== "training";
    replaceText(text, say(`teach_${value}_text`));
  }

  async function bringBack() {
    if (await order("undelete")) toast(say("undeleted"));
    else undelete.hidden = true;
    await Promise.all([shared.refresh(), review()]);
    focusOn(undelete);
  }

  async function review() {
    const { folder, collected: groups } = await ask("collected").catch(() => ({
      folder: "",
      collected: [],
    }));
    grid.replaceChildren(
      ...(groups.length ? groups.map(group) : [el("p", { class: "quiet" }, say("collected_none"))]),
    );
    hint.replaceChildren(
      ...(groups.length
        ? [
            el("strong", {}, say("teach_next")),
            " ",
            el("code", {}, `python -m training prepare --data "${folder}"`),
          ]
        : []),
    );
  }

  function group({ gesture: name, pictures }) {
    const gesture = gestureName(name);
    const drawn = name === IDLE || entry(shared.catalogue, name)?.picture;
    const again = drawn
      ? null
      : el(
          "button",
          {
            type: "button",
            class: "small",
            "aria-label": say("learn_again_of", { gesture }),
            onclick: () => {
              choose("own");
              custom.learn(name);
            },
          },
          say("learn_again"),
        );
    return el(
      "details",
      { open: pictures.length < OPEN },
      el(
        "summary",
        {},
        el("strong", {}, gesture),
        el("span", { class: "quiet" }, ` ${say("collected_count", { n: pictures.length })}`),
      ),
      el("div", { class: "row" }, again, deleteAll(name, pictures.length)),
      el("ul", { class: "grid" }, ...pictures.map((place, index) => thumb(place, name, index))),
    );
  }

  // Asks once more before it deletes: the first click changes what the button says.
  function deleteAll(name, n) {
    const gesture = gestureName(name);
    const button = el("button", {
      type: "button",
      class: "small",
      onclick: act,
      onblur: () => arm(false),
    });
    let confirmed = false;
    function arm(again) {
      confirmed = again;
      button.setAttribute(
        "aria-label",
        say(again ? "delete_sure" : "delete_all_of", { n, gesture }),
      );
      replaceText(button, say(again ? "delete_sure" : "delete_all", { n, gesture }));
    }
    async function act() {
      if (!confirmed) return arm(true);
      if (await order("delete-all", { gesture: name })) undelete.hidden = false;
      await Promise.all([shared.refresh(), review()]);
      return focusOn(undelete);
    }
    arm(false);
    return button;
  }

  function thumb(place, name, index) {
    return el(
      "li",
      {},
      el("img", { src: collected(place), alt: "", width: 96, height: 96, loading: "lazy" }),
      el(
        "button",
        {
          type: "button",
          class: "delete",
          "data-place": place,
          "aria-label": say("delete_picture", { n: index + 1, gesture: gestureName(name) }),
          onclick: () => remove(place),
        },
        "×",
      ),
    );
  }

  async function remove(place) {
    const places = () => [...grid.querySelectorAll(".delete")];
    const index = places().findIndex((each) => each.dataset.place === place);
    if (await order("delete", { picture: place })) undelete.hidden = false;
    await review();
    focusOn(places()[index], places().at(-1), undelete); // the next one has taken its place
  }

  choose("own");
  return {
    node,
    show: () => {
      taking.show();
      review();
    },
    hide: taking.hide,
    catalogueChanged: custom.draw,
  };
}

function trainingForm(shared, taking, changed) {
  const names = shared.catalogue.gestures
    .map((each) => each.name)
    .filter((name) => !name.startsWith("swipe_"));
  const gesture = select(
    [...names, IDLE].map((name) => [name, gestureName(name)]),
    "stop",
  );
  const hand = select(
    ["right", "left", "any"].map((each) => [each, handName(each)]),
    "right",
  );
  const many = select(
    [5, 10, 20, 40].map((n) => [String(n), String(n)]),
    "20",
  );
  const start = el(
    "button",
    { type: "button", class: "main", onclick: toggle },
    say("teach_start"),
  );
  let running = false;

  async function toggle() {
    running = !running;
    if (!running) return taking.stop();
    replaceText(start, say("teach_stop"));
    const done = await taking.record({
      gesture: gesture.value,
      hand: hand.value,
      all: Number(many.value),
      everyMs: EVERY_MS,
      what: gestureName(gesture.value),
    });
    running = false;
    replaceText(start, say("teach_start"));
    if (done) toast(say("teach_done", { n: done }));
    return changed();
  }

  return el(
    "section",
    { class: "card form" },
    field(say("teach_gesture"), gesture),
    field(say("which_hand"), hand),
    field(say("teach_count"), many),
    start,
  );
}
