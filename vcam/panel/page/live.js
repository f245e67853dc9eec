// What the camera sees, what the call sees, what is the case, and what fired.
import { actionName } from "./actions.js";
import { livePicture } from "./frames.js";
import { titleOf } from "./gestures.js";
import { el, entry, order, picture, replaceText, toast } from "./page.js";
import { gestureName, handName, say } from "./words.js";

export function livePage(shared) {
  const frames = livePicture();
  const holding = el("p", { class: "holding" });
  const bar = el("div", { class: "fill" });
  const list = el("ul", { class: "fired", "aria-live": "polite", "aria-relevant": "additions" });
  const facts = el("dl", { class: "facts" });
  const notes = el("div", { class: "notes" });
  let drawn = "";

  const node = el(
    "div",
    { class: "live" },
    el(
      "section",
      { class: "card stage", "aria-labelledby": "picture-title" },
      el("h1", { id: "picture-title", class: "unseen" }, say("picture")),
      viewSwitch(frames),
      el("div", { class: "screen" }, frames.canvas),
      el("div", { class: "meter", "aria-hidden": "true" }, bar),
      holding,
    ),
    el(
      "div",
      { class: "side" },
      el(
        "section",
        { class: "card", "aria-labelledby": "state-title" },
        el("h2", { id: "state-title" }, say("state")),
        notes,
        facts,
      ),
      el(
        "section",
        { class: "card", "aria-labelledby": "fired-title" },
        el("h2", { id: "fired-title" }, say("fired")),
        list,
      ),
    ),
  );

  function update(state) {
    showHand(state);
    showFacts(state);
    showFired(state);
  }

  function showHand(state) {
    const hand = [...state.hands]
      .sort((a, b) => b.progress - a.progress)
      .find((each) => each.gesture);
    bar.style.setProperty("--share", String(hand?.progress ?? 0));
    bar.classList.toggle("full", (hand?.progress ?? 0) >= 1);
    replaceText(holding, hand ? sentence(hand) : (state.trouble ?? say("no_hand")));
  }

  function sentence(hand) {
    const values = {
      gesture: gestureName(hand.gesture),
      hand: handName(hand.hand),
      action: lower(name(hand.action)),
    };
    if (hand.progress >= 1) return say("held", values);
    return say(hand.action ? "holding" : "holding_none", values);
  }

  function name(action) {
    return actionName(action, shared.catalogue, shared.state.profile);
  }

  function showFacts(state) {
    const warnings = [
      state.trouble,
      state.no_output,
      state.dry_run ? say("dry_run") : null,
      state.video === "live" ? null : say(`video_${state.video}`),
    ].filter(Boolean);
    if (notes.dataset.text !== warnings.join("\n")) {
      notes.dataset.text = warnings.join("\n");
      notes.replaceChildren(...warnings.map((text) => el("p", { class: "note" }, text)));
    }
    const rows = {
      camera: state.camera === "demo" ? say("demo_camera") : state.camera,
      goes_to: state.outputs
        .map((kind) => (kind in { virtual: 1, window: 1, null: 1 } ? say(`out_${kind}`) : kind))
        .join(", "),
      seen_by: state.readers.join(", ") || say("seen_by_nobody"),
      microphone: say(state.muted === null ? "unknown" : state.muted ? "muted" : "unmuted"),
      profile: titleOf(state.profile, shared.catalogue),
      frames: say("frames_value", state),
      cpu: say("cpu_value", state),
    };
    for (const [key, value] of Object.entries(rows)) {
      facts.querySelector(`[data-row=${key}]`) ??
        facts.append(el("div", {}, el("dt", {}, say(key)), el("dd", { "data-row": key })));
      replaceText(facts.querySelector(`[data-row=${key}]`), value);
    }
    facts.querySelector("[data-row=microphone]").classList.toggle("off", state.muted === true);
  }

  function showFired(state) {
    const key = JSON.stringify(state.fired);
    if (key === drawn) return;
    drawn = key;
    const rows = state.fired.map(row);
    list.replaceChildren(
      ...(rows.length ? rows : [el("li", { class: "quiet" }, say("fired_none"))]),
    );
  }

  function row(fired) {
    const time = new Date(fired.at * 1000).toLocaleTimeString();
    const wrong = fired.wrong
      ? el("span", { class: "quiet" }, say("wrong_done"))
      : el(
          "button",
          {
            type: "button",
            class: "small",
            "aria-label": say("wrong_of", { gesture: gestureName(fired.gesture), time }),
            onclick: () => markWrong(fired.number),
          },
          say("wrong"),
        );
    return el(
      "li",
      {},
      picture(entry(shared.catalogue, fired.gesture)),
      el(
        "div",
        {},
        el("strong", {}, gestureName(fired.gesture)),
        el("span", { class: "quiet" }, `${handName(fired.hand)} · ${time}`),
        el("span", {}, name(fired.action)),
      ),
      wrong,
    );
  }

  return { node, update, show: frames.start, hide: frames.stop };
}

async function markWrong(number) {
  const told = await order("wrong", { number });
  if (told) toast(told.answer);
}

function viewSwitch(frames) {
  const choice = (value, checked) =>
    el(
      "label",
      {},
      el("input", {
        type: "radio",
        name: "view",
        value,
        checked,
        onchange: () => frames.look(value),
      }),
      el("span", {}, say(`view_${value}`)),
    );
  return el(
    "fieldset",
    { class: "switch" },
    el("legend", { class: "unseen" }, say("picture")),
    choice("mine", true),
    choice("call", false),
  );
}

function lower(text) {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
