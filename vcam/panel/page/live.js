// What the camera sees, what the call sees, what is the case, and what fired.
import { actionName, titleOf } from "./actions.js";
import { livePicture } from "./frames.js";
import { el, entry, field, order, picture, replaceText, select, toast } from "./page.js";
import { programName } from "./plugins.js";
import { gestureName, handName, say, timeOfDay, within } from "./words.js";

export function livePage(shared) {
  const frames = livePicture();
  const holding = el("p", { class: "holding" });
  const bar = el("div", { class: "fill" });
  const list = el("ul", { class: "fired" });
  const news = el("p", { class: "unseen", role: "status" });
  const rows = new Map(); // by number: only what is new or has changed is drawn again
  let drawn = null;
  let begun = false; // what had fired before the page was opened is no news
  const call = callSwitch(shared);
  const facts = el("dl", { class: "facts" });
  const follow = followSwitch(shared);
  const missed = missedCard(shared);
  const notes = el("div", { class: "notes" });
  const node = el(
    "div",
    { class: "live" },
    el(
      "section",
      { class: "card stage", "aria-labelledby": "picture-title" },
      el("h1", { id: "picture-title", class: "unseen" }, say("picture")),
      el("div", { class: "row views" }, viewSwitch(frames), call.node),
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
        follow.node,
      ),
      el(
        "section",
        { class: "card", "aria-labelledby": "fired-title" },
        el("h2", { id: "fired-title" }, say("fired")),
        list,
        news,
      ),
      missed.node,
    ),
  );

  function update(state) {
    call.update();
    follow.update();
    missed.update();
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
      action: within(name(hand.action)),
    };
    if (!hand.action) return say("holding_none", values);
    return say(hand.progress >= 1 ? "held" : "holding", values);
  }

  function name(action) {
    return actionName(action, shared.catalogue, shared.state.profile);
  }

  function showFacts(state) {
    const warnings = [
      state.trouble === holding.textContent ? null : state.trouble,
      state.dry_run ? say("dry_run") : null,
      state.video === "live" ? null : say(`video_${state.video}`),
    ].filter(Boolean);
    const key = JSON.stringify([warnings, state.no_output]);
    if (notes.dataset.key !== key) {
      notes.dataset.key = key;
      // What helps is long, and a line to paste: it stands in Set up.
      const missing = el("p", { class: "note" }, say("no_output"), " ");
      missing.append(el("a", { href: "#setup" }, say("page_setup")));
      notes.replaceChildren(
        ...warnings.map((text) => el("p", { class: "note" }, text)),
        ...(state.no_output === null ? [] : [missing]),
      );
    }
    const rows = {
      camera: cameraName(state.camera),
      goes_to: state.outputs
        .map((kind) => (kind in { virtual: 1, window: 1, null: 1 } ? say(`out_${kind}`) : kind))
        .join(", "),
      seen_by: state.readers.join(", ") || say("seen_by_nobody"),
      microphone: say(state.muted === null ? "unknown" : state.muted ? "muted" : "unmuted"),
      profile: profileText(state),
      frames: say("frames_value", state),
      cpu: say("cpu_value", state),
      ...Object.fromEntries(
        Object.entries(state.links).map(([program, said]) => [`link_${program}`, said]),
      ),
    };
    for (const [key, value] of Object.entries(rows)) {
      const row = `[data-row="${CSS.escape(key)}"]`;
      facts.querySelector(row) ??
        facts.append(el("div", {}, el("dt", {}, rowName(key)), el("dd", { "data-row": key })));
      replaceText(facts.querySelector(row), value);
    }
    for (const gone of facts.querySelectorAll("[data-row^=link_]"))
      if (!(gone.dataset.row in rows)) gone.parentElement.remove();
    facts.querySelector("[data-row=microphone]").classList.toggle("off", state.muted === true);
  }

  function cameraName(camera) {
    const known = { demo: "demo_camera", 0: "first_camera" };
    return Object.hasOwn(known, camera) ? say(known[camera]) : camera;
  }

  function rowName(key) {
    return key.startsWith("link_") ? programName(key.slice(5)) : say(key);
  }

  function profileText({ profile, reason }) {
    const title = titleOf(profile, shared.catalogue);
    return reason ? say(`why_${reason}`, { name: title }) : title;
  }

  function showFired(state) {
    if (state.fired === drawn) return; // the very list: it comes again when it has changed
    drawn = state.fired;
    const shown = state.fired.filter((fired) => fired.action);
    const newest = Math.max(0, ...rows.keys());
    const numbers = new Set(shown.map((fired) => fired.number));
    for (const [number, each] of rows)
      if (!numbers.has(number)) {
        each.node.remove();
        rows.delete(number);
      }
    for (const fired of [...shown].reverse()) {
      const key = JSON.stringify(fired);
      const before = rows.get(fired.number);
      if (before?.key === key) continue;
      const node = row(fired);
      if (before) before.node.replaceWith(node);
      else list.prepend(node);
      rows.set(fired.number, { key, node });
      if (begun && fired.number >= newest && fired.outcome)
        replaceText(news, `${gestureName(fired.gesture)}: ${outcome(fired)}`);
    }
    begun = true;
    const none = list.querySelector(".none");
    if (rows.size) none?.remove();
    else if (!none) list.replaceChildren(el("li", { class: "quiet none" }, say("fired_none")));
  }

  // A tick stands only for what was done.
  function outcome(fired) {
    const action = name(fired.action);
    if (fired.outcome === null) return say("outcome_waiting", { action });
    return say(`outcome_${fired.outcome}`, { action });
  }

  function row(fired) {
    const time = timeOfDay(new Date(fired.at * 1000));
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
        el("span", { class: `outcome ${fired.outcome ?? "waiting"}` }, outcome(fired)),
        reason(fired),
      ),
      wrong,
    );
  }

  // In a few words; the rest, with what helps, where there is more.
  function reason({ reason: whole, brief }) {
    if (!whole) return null;
    if (brief === whole) return el("span", { class: "quiet reason" }, whole);
    return el(
      "details",
      { class: "quiet reason" },
      el("summary", {}, brief),
      el("p", {}, whole),
    );
  }

  return { node, update, show: frames.start, hide: frames.stop };
}

async function markWrong(number) {
  const reply = await order("wrong", { number });
  if (reply) toast(reply.answer);
}

// A gesture that did not fire: the last seconds become pictures of it, if they are remembered.
function missedCard(shared) {
  const key = "gestures.remember_missed";
  const about = el("p", { class: "quiet breaks" });
  const on = () => shared.catalogue.form.find((each) => each.key === key).value;
  const box = tick(shared, key, on);
  const shown = shared.catalogue.gestures.filter(
    (each) => !each.own && !each.name.startsWith("swipe_"),
  );
  const menu = select(shown.map((each) => [each.name, gestureName(each.name)]));
  const keep = el(
    "button",
    {
      type: "button",
      onclick: async () => {
        const reply = await order("missed", { gesture: menu.value });
        if (reply) toast(reply.answer);
      },
    },
    say("missed_keep"),
  );
  const row = el("div", { class: "row missed" }, field(say("missed_which"), menu), keep);
  return {
    node: el(
      "section",
      { class: "card", "aria-labelledby": "missed-title" },
      el("h2", { id: "missed-title" }, say("missed_title")),
      about,
      el("label", { class: "tick" }, box, el("span", {}, say("missed_switch"))),
      row,
    ),
    update: () => {
      if (document.activeElement !== box) box.checked = on();
      const text = say(on() ? "missed_on" : "missed_off", { folder: shared.catalogue.missed });
      replaceText(about, text);
      row.hidden = !on();
    },
  };
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
        onchange: () => frames.show(value),
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

// What the call sees: the one switch that decides how much of the overlay goes out.
function callSwitch(shared) {
  const entry = () => shared.catalogue.form.find((each) => each.key === "overlay.call_shows");
  const menu = select(
    entry().options.map((value) => [value, say(`option_${value}`)]),
    entry().value,
    {
      onchange: async (event) => {
        const value = event.target.value;
        if (await order("setting", { key: "overlay.call_shows", value })) toast(say("saved"));
        await shared.refresh();
        menu.value = entry().value; // what is so, also where that was refused
      },
    },
  );
  return {
    node: field(say("call_shows"), menu),
    update: () => {
      if (document.activeElement !== menu) menu.value = entry().value;
    },
  };
}

// A box for one setting, which shows what is so, also where the change was refused.
function tick(shared, key, now) {
  const box = el("input", {
    type: "checkbox",
    onchange: async () => {
      if (await order("setting", { key, value: box.checked })) toast(say("saved"));
      await shared.refresh();
      box.checked = now();
    },
  });
  return box;
}

// One switch: whether the profile changes by itself to that of the call.
function followSwitch(shared) {
  const box = tick(shared, "follow_call", () => shared.catalogue.follows);
  return {
    node: el("label", { class: "tick" }, box, el("span", {}, say("follow_call"))),
    update: () => {
      if (document.activeElement !== box) box.checked = shared.catalogue.follows;
    },
  };
}
