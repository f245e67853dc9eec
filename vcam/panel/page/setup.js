// The first minute, one thing at a time: camera, a gesture that fires, what the call sees, the app,
// where to pick the camera, and what else is missing.
import { actionName, titleOf } from "./actions.js";
import { livePicture } from "./frames.js";
import { ask, busy, el, entry, order, picture, replaceText, toast } from "./page.js";
import { gestureName, say, within } from "./words.js";

const RENEW_MS = 1000;

export function setupPage(shared) {
  const cameras = el("div", { class: "tiles" });
  const apps = el("div", { class: "tiles apps", role: "group", "aria-label": say("step_app") });
  const needs = el("p", { class: "needs" });
  const frames = livePicture();
  const tries = el("div", { class: "try" });
  const path = el("ol", { class: "path" });
  const menu = el("ul", { class: "menu", "aria-hidden": "true" });
  const seen = el("p", { role: "status" });
  const doctor = el("ul", { class: "doctor" });
  const again = el(
    "button",
    { type: "button", class: "small", onclick: () => busy(again, searchCameras) },
    say("look_again"),
  );
  const check = el(
    "button",
    { type: "button", class: "small", onclick: () => busy(check, examine) },
    say("look_again"),
  );
  let found = []; // cameras
  let since = null;
  let doneOnce = false;

  const chosen = { call: false, app: false }; // what nobody can see to work is only chosen
  const trouble = { camera: el("ul", { class: "doctor" }), select: el("ul", { class: "doctor" }) };
  const call = callChoice(shared, () => {
    chosen.call = true;
    advance();
  });
  const go = (name) =>
    el(
      "button",
      {
        type: "button",
        class: "main",
        onclick: () => {
          chosen[name] = true;
          advance();
        },
      },
      say("next_step"),
    );
  const screen = el("div", { class: "screen small-screen" }, frames.canvas);
  const listed = el("p", { class: "quiet" }, say("select_order"));
  const steps = [
    step("camera", trouble.camera, cameras, el("div", { class: "row" }, again)),
    step("try", screen, tries),
    step("call", call.node, go("call")),
    step("app", apps, needs, go("app")),
    step("select", trouble.select, path, menu, seen, listed),
    step("doctor", doctor, check),
  ];
  const node = el(
    "div",
    {},
    el("h1", {}, say("setup_title")),
    el("ol", { class: "steps" }, ...steps.map((each) => each.node)),
  );
  const selectTitle = steps[4].title;
  let open = null;
  let findings = null;

  // A tick stands only beside what was seen to work.
  function done() {
    const state = shared.state;
    const works = state !== null && state.doing !== "waiting" && state.fps > 0;
    const fired = doneOnce ? gestureName(doneOnce.gesture) : "";
    const wrong = findings?.filter((each) => each.status !== "ok") ?? [];
    return {
      camera: works ? say("seen_camera") : null,
      try: doneOnce ? triedText(fired) : null,
      call: chosen.call ? say(`option_${shownToCall(shared)}`) : null,
      app: chosen.app ? titleOf(current(), shared.catalogue) : null,
      select: state?.readers.length ? say("seen_select", { app: state.readers.join(", ") }) : null,
      doctor: findings && !wrong.length ? say("all_well") : null,
    };
  }

  function triedText(gesture) {
    return say(failed() ? "seen_failed" : "seen_try", { gesture });
  }

  function failed() {
    return doneOnce?.outcome === "failed";
  }

  // One thing at a time: the first step that is not done is open, the one before it closes.
  function advance() {
    const reached = done();
    for (const each of steps) {
      const seen = !(each.key in chosen) && !(each.key === "try" && failed());
      each.mark.classList.toggle("good", Boolean(reached[each.key]) && seen);
      replaceText(each.mark, reached[each.key] ? `${seen ? "✓ " : ""}${reached[each.key]}` : "");
    }
    const next = steps.find((each) => !reached[each.key]) ?? null;
    if (next === open) return;
    if (open && !open.node.contains(document.activeElement)) open.box.open = false;
    else if (open?.key in chosen) {
      open.box.open = false;
      next?.box.querySelector("summary").focus();
    }
    open = next;
    if (next) next.box.open = true;
  }

  async function searchCameras() {
    const focus = document.activeElement?.dataset?.key;
    cameras.replaceChildren(el("p", { class: "quiet" }, say("looking")));
    found = (await ask("cameras").catch(() => null)) ?? [];
    const used = shared.state?.camera ?? shared.catalogue.camera;
    const devices = found
      .filter((each) => !each.virtual)
      .map((each) => ({ device: each.path ?? String(each.index), name: each.name }));
    if (!devices.some((each) => each.device === used))
      devices.unshift({ device: used, name: used === "demo" ? say("demo_camera") : used });
    if (!devices.some((each) => each.device === "demo"))
      devices.push({ device: "demo", name: say("demo_camera") });
    const tiles = devices.filter((each) => each.device !== "0" || found.length).map(cameraTile);
    cameras.replaceChildren(
      ...(found.length ? [] : [el("p", { class: "note" }, say("camera_none"))]),
      ...tiles,
    );
    if (focus && document.activeElement === document.body)
      cameras.querySelector(`[data-key="${CSS.escape(focus)}"]`)?.focus();
    showTrouble();
    drawWhere(current());
  }

  // The camera in use shows what it sees now; others would have to be opened for each picture.
  function renew() {
    const image = cameras.querySelector("[aria-pressed=true] img");
    if (image?.complete) image.src = thumbnail(image.dataset.device);
  }

  function cameraTile({ device, name }) {
    const image = el("img", {
      alt: "",
      width: 240,
      height: 135,
      src: thumbnail(device),
      "data-device": device,
      onerror: () => image.classList.add("blank"), // no sign of a broken picture
      onload: () => image.classList.remove("blank"),
    });
    const used = device === (shared.state?.camera ?? shared.catalogue.camera);
    return el(
      "button",
      {
        type: "button",
        class: "tile",
        "data-key": `camera ${device}`,
        "aria-pressed": String(used),
        onclick: () => choose(device),
      },
      image,
      el("strong", {}, name),
      el("span", { class: "quiet" }, say(used ? "using_camera" : "use_camera")),
    );
  }

  async function choose(device) {
    if (await order("camera", { device })) toast(say("saved"));
    await shared.refresh();
    setTimeout(searchCameras, 700);
  }

  function drawApps() {
    const { catalogue } = shared;
    const profile = current();
    const names = catalogue.apps.map((app) => app.name);
    if (!names.includes(profile)) names.unshift(profile);
    apps.replaceChildren(
      ...names.map((name) =>
        el(
          "button",
          {
            type: "button",
            class: "tile",
            "data-key": `app ${name}`,
            "aria-pressed": String(name === profile),
            onclick: () => use(name),
          },
          titleOf(name, catalogue),
        ),
      ),
    );
    const app = catalogue.apps.find((each) => each.name === profile);
    needs.replaceChildren(...(app ? [el("strong", {}, say("needs")), ` ${app.needs}`] : []));
    drawWhere(profile);
  }

  async function use(name) {
    if (await order("profile", { name })) chosen.app = true;
    await shared.refresh();
    apps.querySelector(`[data-key="${CSS.escape(`app ${name}`)}"]`)?.focus();
  }

  function drawWhere(profile) {
    const camera = shared.catalogue.system === "linux" ? "Gesture Cam" : "OBS Virtual Camera";
    const key = `select_${profile}`;
    const steps = say(say(key) === key ? "select_system" : key).split(" › ");
    replaceText(selectTitle, say("step_select", { camera }));
    path.replaceChildren(...steps.map((text) => el("li", {}, text)));
    menu.replaceChildren(
      ...found.slice(0, 2).map((each) => el("li", {}, each.name)),
      el("li", { class: "chosen" }, camera),
    );
  }

  // Who shows our camera now, as far as the system tells.
  function showReaders({ readers, no_output: missing }) {
    seen.className = readers.length ? "good" : missing ? "note" : "quiet";
    menu.classList.toggle("works", readers.length > 0);
    menu.hidden = missing !== null;
    const text = missing ? "select_missing" : readers.length ? "select_seen" : "select_unseen";
    replaceText(seen, say(text, { app: readers.join(", ") }));
  }

  function current() {
    return shared.state?.profile ?? shared.catalogue.profile;
  }

  function update(state) {
    showReaders(state);
    advance();
    since ??= state.fired[0]?.number ?? 0;
    const bindings = shared.catalogue.profiles[current()] ?? [];
    const held = bindings.filter(({ gesture }) => !/^swipe_|>/.test(gesture)); // only they fill a ring
    const first = held.find((each) => each.gesture === "stop") ?? held[0];
    const fired = state.fired.find(
      (each) => each.number > since && each.action && each.outcome !== null,
    );
    if (fired) doneOnce = fired;
    const ring = tries.querySelector(".ring");
    const key = JSON.stringify([first, doneOnce && doneOnce.number]);
    if (tries.dataset.key !== key) {
      tries.dataset.key = key;
      drawTry(first);
      advance();
    } else if (ring) {
      const hand = state.hands.find((each) => each.gesture === first?.gesture);
      ring.style.setProperty("--share", String(hand?.progress ?? 0));
    }
  }

  function drawTry(first) {
    if (!first) return tries.replaceChildren();
    const action = actionName(first.action, shared.catalogue, current());
    const text = doneOnce
      ? say(failed() ? "try_failed" : "try_done", {
          gesture: gestureName(doneOnce.gesture),
          reason: doneOnce.reason,
        })
      : say(first.gesture === "stop" ? "try_hint" : "try_hint_other", { action: within(action) });
    return tries.replaceChildren(
      el("div", { class: "ring" }, picture(entry(shared.catalogue, first.gesture))),
      el("p", { role: "status", class: doneOnce ? (failed() ? "note" : "good") : "" }, text),
    );
  }

  async function examine() {
    doctor.replaceChildren(el("li", { class: "quiet" }, say("looking")));
    findings = await ask("doctor").catch(() => null);
    if (findings === null) {
      doctor.replaceChildren(el("li", { class: "note", role: "alert" }, say("doctor_failed")));
      return;
    }
    findings.sort((a, b) => "fwo".indexOf(a.status[0]) - "fwo".indexOf(b.status[0]));
    const good = findings.filter((each) => each.status === "ok");
    const wrong = findings.filter((each) => each.status !== "ok");
    showTrouble();
    // One thing at a time: the worst with its fix, the rest when it is asked for.
    doctor.replaceChildren(...wrong.slice(0, 1).map(finding));
    if (wrong.length > 1)
      doctor.append(folded(say("then_more", { n: wrong.length - 1 }), wrong.slice(1)));
    doctor.append(
      folded(wrong.length ? say("also_good", { n: good.length }) : say("all_well"), good, "ok"),
    );
    advance();
  }

  // Where there is no camera at all, the step has said so.
  function showTrouble() {
    const about = (name) =>
      (findings ?? [])
        .filter((each) => each.name === name && each.status !== "ok")
        .map((each) => finding(each));
    trouble.camera.replaceChildren(...(found.length ? about("camera") : []));
    trouble.select.replaceChildren(...about("virtual camera"));
  }

  let begun = false;
  let renewing;
  function show() {
    frames.start();
    clearInterval(renewing);
    renewing = setInterval(renew, RENEW_MS);
    drawApps();
    if (begun) return;
    begun = true;
    searchCameras();
    examine();
  }

  function hide() {
    frames.stop();
    clearInterval(renewing);
  }

  function catalogueChanged() {
    drawApps();
    call.update();
  }

  return { node, update, show, hide, catalogueChanged };
}

function step(key, ...inside) {
  const title = el("span", {}, say(`step_${key}`));
  const mark = el("span", { class: "mark", role: "status" });
  const box = el(
    "details",
    { "data-step": key },
    el("summary", {}, el("h2", {}, title), mark),
    ...inside,
  );
  return { key, title, mark, box, node: el("li", { class: "card step" }, box) };
}

function folded(title, list, status = false) {
  return el(
    "li",
    { "data-status": status },
    el("details", {}, el("summary", {}, title), el("ul", {}, ...list.map(finding))),
  );
}

function shownToCall(shared) {
  return shared.catalogue.form.find((each) => each.key === "overlay.call_shows").value;
}

// What the people in the call see of all this, in three words.
function callChoice(shared, chose) {
  const key = "overlay.call_shows";
  const entry = shared.catalogue.form.find((each) => each.key === key);
  const choice = (value) =>
    el(
      "label",
      { class: "tick" },
      el("input", {
        type: "radio",
        name: "call_shows",
        value,
        checked: value === entry.value,
        onchange: async () => {
          const done = await order("setting", { key, value });
          if (done) toast(say("saved"));
          await shared.refresh();
          update(); // what is so, also where that was refused
          if (done) chose();
        },
      }),
      el(
        "span",
        {},
        el("strong", {}, say(`option_${value}`)),
        el("span", { class: "quiet" }, ` ${say(`option_${value}_text`)}`),
      ),
    );
  const node = el(
    "fieldset",
    { class: "choices" },
    el("legend", { class: "unseen" }, say("step_call")),
    ...entry.options.map(choice),
  );
  // It may have been chosen elsewhere: on Live, in the file.
  function update() {
    node.querySelector(`[value="${CSS.escape(shownToCall(shared))}"]`).checked = true;
  }
  return { node, update };
}

function thumbnail(device) {
  return `thumbnail?device=${encodeURIComponent(device)}&at=${Date.now()}`;
}

function finding(found) {
  const code = el("code", {}, found.command ?? "");
  const remedy = besideCommand(found);
  const copy = found.command
    ? el(
        "button",
        { type: "button", class: "small", onclick: () => copyText(code) },
        say("copy"),
      )
    : null;
  return el(
    "li",
    { "data-status": found.status },
    el("span", { class: "badge" }, say(`status_${found.status}`)),
    el(
      "div",
      {},
      el("strong", {}, found.title),
      el("p", {}, found.text),
      remedy ? el("p", { class: "remedy" }, el("strong", {}, say("fix")), " ", remedy) : null,
    ),
    found.command ? el("div", { class: "row command" }, code, copy) : null,
  );
}

// What to do, without the line that stands below to be copied.
function besideCommand({ remedy, command }) {
  if (!remedy || !command) return remedy;
  if (remedy.replaceAll("\x60", "").trim() === command) return null;
  return remedy.replace(`\x60${command}\x60`, () => say("below"));
}

async function copyText(code) {
  try {
    await navigator.clipboard.writeText(code.textContent);
    toast(say("copied"));
  } catch {
    getSelection().selectAllChildren(code);
    toast(say("copy_refused"), true);
  }
}
