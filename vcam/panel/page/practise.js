// Practise: shows a gesture, you show it, and it says how confident it was and what helps.
// Nothing is done meanwhile. What came of it suggests how long to hold, and which score counts.
import { el, entry, focusOn, order, picture, replaceText, toast } from "./page.js";
import { livePicture } from "./frames.js";
import { gestureName, say } from "./words.js";

const PATIENCE_MS = 15_000; // so long one gesture is waited for
const ALIVE_MS = 2000; // the program practises only while this page says so
const NEXT_MS = 1500;
const SMALL = 0.14; // of the picture's height
const LARGE = 0.85;
const MIN_SCORE = 0.4; // no lower threshold is suggested
const STEADY = 15; // moments in which it was seen: a glimpse says nothing of a hand
const LOST = 2; // holds that broke off before one succeeded: the hand trembles

// What turns one gesture into the other, for those that are taken for each other.
const TURNS = {
  "peace>peace_inverted": "turn_back",
  "peace_inverted>peace": "turn_palm",
  "stop>stop_inverted": "turn_back",
  "stop_inverted>stop": "turn_palm",
  "two_up>two_up_inverted": "turn_back",
  "two_up_inverted>two_up": "turn_palm",
  "stop>palm": "spread",
  "palm>stop": "together",
  "four>palm": "thumb_out",
  "palm>four": "thumb_in",
};
const DOUBTS = {
  cut: "into_picture",
  moving: "keep_still",
  face: "off_face",
  clasped: "apart",
  low: "raise_hand",
  both: "other_hand",
  doubtful: "closer",
};

export function practisePage(shared) {
  const frames = livePicture();
  const task = el("div", { class: "try" });
  const ring = el("div", { class: "ring" });
  const title = el("h2", { id: "practise-now" }, say("practise_ready"));
  const hint = el("p", { class: "holding", role: "status" });
  const begin = el(
    "button",
    { type: "button", class: "main", onclick: start },
    say("practise_start"),
  );
  const skip = el("button", { type: "button", onclick: () => finish(false) }, say("practise_skip"));
  const results = el("ul", { class: "results" });
  const resultsTitle = el("h2", { id: "results-title" });
  const advice = el("div", { class: "advice" });
  task.append(ring, el("div", {}, title, hint));
  const node = el(
    "div",
    { class: "live practise" },
    el(
      "section",
      { class: "card stage", "aria-labelledby": "practise-title" },
      el("h1", { id: "practise-title" }, say("practise_title")),
      el("p", { class: "quiet" }, say("practise_text")),
      el("div", { class: "screen" }, frames.canvas),
      task,
      el("div", { class: "row" }, begin, skip),
    ),
    el(
      "section",
      { class: "card side", "aria-labelledby": "results-title" },
      resultsTitle,
      results,
      advice,
    ),
  );
  let queue = [];
  let now = null;
  let outcomes = [];
  let alive = null;
  let patience;

  function profile() {
    return shared.state?.profile ?? shared.catalogue.profile;
  }

  function bound() {
    const names = (shared.catalogue.profiles[profile()] ?? []).map((each) => each.gesture);
    return [...new Set(names)].filter((name) => !name.startsWith("swipe_") && !name.includes(">"));
  }

  function start() {
    queue = bound();
    outcomes = [];
    plan();
    advice.replaceChildren();
    if (!queue.length) return;
    replaceText(resultsTitle, say("practise_results"));
    order("practise", { on: true });
    clearInterval(alive);
    alive = setInterval(() => order("practise", { on: true }), ALIVE_MS);
    begin.hidden = true;
    return next();
  }

  // What will be asked for, or that there is nothing; what came of it takes its place later.
  function plan() {
    const names = bound();
    replaceText(resultsTitle, say("practise_plan"));
    results.replaceChildren(
      ...names.map((name) =>
        el(
          "li",
          { "data-gesture": name },
          picture(entry(shared.catalogue, name)),
          el("span", {}, gestureName(name)),
        ),
      ),
    );
    resultsTitle.hidden = !names.length;
    if (!names.length) results.append(el("li", { class: "quiet" }, say("practise_nothing")));
  }

  function next() {
    const gesture = queue.shift();
    if (gesture === undefined) return end();
    now = {
      gesture,
      scores: [],
      since: null,
      runs: [],
      help: null,
    };
    now.ready = !(shared.state?.hands ?? []).some((hand) => hand.gesture === gesture);
    clearTimeout(patience); // states come only when something changes
    patience = setTimeout(() => finish(false), PATIENCE_MS);
    ring.hidden = false;
    ring.replaceChildren(picture(entry(shared.catalogue, gesture)));
    replaceText(title, say("practise_show", { gesture: gestureName(gesture) }));
    skip.hidden = false;
    return skip.focus();
  }

  function stop() {
    clearInterval(alive);
    clearTimeout(patience);
    alive = null;
    if (now || queue.length) order("practise", { on: false });
    now = null;
    queue = [];
    begin.hidden = false;
    replaceText(begin, say(outcomes.length ? "practise_again" : "practise_start"));
    skip.hidden = true;
    ring.style.setProperty("--share", "0");
  }

  function end() {
    const kept = outcomes;
    now = null;
    order("practise", { on: false });
    stop();
    replaceText(title, say("practise_done"));
    replaceText(
      hint,
      say("practise_count", { n: kept.filter((each) => each.ok).length, all: kept.length }),
    );
    suggest(kept);
    begin.focus();
  }

  function update(state) {
    if (!now || now.over) return;
    const hand = state.hands.find((each) => each.gesture === now.gesture);
    now.ready ||= !hand; // what was still shown from before does not count
    const score = Math.max(state.scores[now.gesture] ?? 0, hand?.score ?? 0);
    if (score > 0.1) now.scores.push(score);
    if (hand?.progress > 0) now.since ??= Date.now();
    else if (now.since) {
      now.runs.push(Date.now() - now.since);
      now.since = null;
    }
    ring.style.setProperty("--share", String(hand?.progress ?? 0));
    if (now.ready && hand?.progress >= 1) return finish(true);
    const help = helpFor(state, score);
    if (help) now.help = help;
    return replaceText(hint, help ?? say("practise_hold"));
  }

  // The one thing that helps most at this moment; null: it is going well.
  function helpFor(state, score) {
    const dark = state.sight.find(
      (each) => each in { "TOO DARK FOR GESTURES": 1, "CAMERA COVERED": 1 },
    );
    if (dark) return say(dark === "CAMERA COVERED" ? "help_covered" : "help_light");
    const hand = state.hands.find((each) => each.gesture === now.gesture) ?? state.hands[0];
    if (!hand) return say("help_hand");
    if (hand.size < SMALL) return say("help_closer");
    if (hand.size > LARGE) return say("help_farther");
    if (hand.ignored in DOUBTS) return say(`help_${DOUBTS[hand.ignored]}`);
    if (hand.gesture && hand.gesture !== now.gesture) {
      const turn = TURNS[`${hand.gesture}>${now.gesture}`];
      const values = { gesture: gestureName(hand.gesture) };
      return turn ? say(`help_${turn}`, values) : say("help_other", values);
    }
    const needed = state.thresholds[now.gesture] ?? 0;
    if (score < needed)
      return say("help_nearly", {
        percent: Math.round(score * 100),
        min: Math.round(needed * 100),
      });
    return null;
  }

  function finish(ok) {
    if (!now || now.over) return;
    now.over = true;
    if (now.since) now.runs.push(Date.now() - now.since);
    const scores = [...now.scores].sort((a, b) => a - b);
    const confidence = scores.length ? scores[Math.floor(scores.length / 2)] : 0;
    const low = scores.length ? scores[Math.floor(scores.length / 5)] : 0;
    const broke = now.runs.length - (ok ? 1 : 0);
    const outcome = {
      gesture: now.gesture,
      ok,
      confidence,
      low,
      broke,
      runs: now.runs,
      shown: scores.length,
      help: now.help,
    };
    outcomes.push(outcome);
    results.querySelector(`[data-gesture="${CSS.escape(now.gesture)}"]`)?.replaceWith(row(outcome));
    replaceText(hint, line(outcome));
    setTimeout(() => now?.over && next(), NEXT_MS);
  }

  function line({ gesture, ok, confidence, help }) {
    const values = { gesture: gestureName(gesture), percent: Math.round(confidence * 100) };
    if (ok) return say("practise_good", values);
    return `${say(confidence ? "practise_missed" : "practise_unseen", values)} ${help ?? ""}`.trim();
  }

  function row(outcome) {
    return el(
      "li",
      { class: outcome.ok ? "good" : "missed" },
      picture(entry(shared.catalogue, outcome.gesture)),
      el("span", {}, `${outcome.ok ? "✓" : "✗"} ${line(outcome)}`),
    );
  }

  // What would suit these hands: thresholds that they reach, and times that they can hold.
  function suggest(all) {
    const usual = shared.catalogue.settings.hold_ms;
    const notes = [];
    for (const each of all) {
      const needed = shared.state.thresholds[each.gesture] ?? 0;
      const fits = Math.max(MIN_SCORE, Math.floor(each.low * 100 - 2) / 100);
      if (!each.ok && each.shown >= STEADY && each.confidence >= MIN_SCORE && fits < needed)
        notes.push(
          offer(
            "suggest_score",
            { gesture: gestureName(each.gesture), percent: Math.round(fits * 100) },
            () => order("threshold", { gesture: each.gesture, score: fits }),
          ),
        );
    }
    const longest = all
      .filter((each) => !each.ok && each.runs.length)
      .map((each) => Math.max(...each.runs));
    const trembling = all.some((each) => each.broke >= LOST);
    if (trembling) notes.push(offer("suggest_easy", {}, () => order("easy-hold", { on: true })));
    else if (longest.length) {
      const fits = Math.max(300, Math.floor((0.8 * Math.min(...longest)) / 100) * 100);
      if (fits < usual)
        notes.push(
          offer("suggest_hold", { s: fits / 1000 }, () =>
            order("setting", { key: "gestures.hold_ms", value: fits }),
          ),
        );
    }
    if (!notes.length) notes.push(el("p", { class: "good" }, say("suggest_nothing")));
    advice.replaceChildren(el("h3", {}, say("suggest_title")), ...notes);
  }

  function offer(key, values, run) {
    const use = el(
      "button",
      {
        type: "button",
        class: "small",
        onclick: async () => {
          if (!(await run())) return;
          toast(say("saved"));
          await shared.refresh();
          use.disabled = true;
          focusOn(...advice.querySelectorAll("button:enabled"), begin);
        },
      },
      say("suggest_use"),
    );
    return el("div", { class: "row offer" }, el("p", {}, say(key, values)), use);
  }

  // Before the first round, and where bindings have changed since the last one.
  function planAgain() {
    if (!now && !queue.length && !outcomes.length) plan();
  }

  skip.hidden = ring.hidden = true;
  return {
    node,
    update,
    catalogueChanged: planAgain,
    show: () => {
      frames.start();
      planAgain();
    },
    hide: () => {
      frames.stop();
      stop();
      ring.hidden = true;
      replaceText(title, say("practise_ready"));
      replaceText(hint, "");
    },
  };
}
