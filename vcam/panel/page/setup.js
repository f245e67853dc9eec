// The first minute: camera, app, one gesture, where to pick the camera, and what is missing.
import { actionName } from "./actions.js";
import { livePicture } from "./frames.js";
import { titleOf } from "./gestures.js";
import { ask, el, entry, order, picture, replaceText, toast } from "./page.js";
import { gestureName, handName, say } from "./words.js";

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
    { type: "button", class: "small", onclick: lookForCameras },
    say("look_again"),
  );
  const check = el(
    "button",
    { type: "button", class: "small", onclick: examine },
    say("look_again"),
  );
  let found = []; // cameras
  let since = null;
  let doneOnce = false;

  const step = (number, key, ...inside) =>
    el(
      "li",
      { class: "card step" },
      el(
        "h2",
        {},
        el("span", { class: "number", "aria-hidden": "true" }, String(number)),
        say(key),
      ),
      ...inside,
    );
  const node = el(
    "div",
    {},
    el("h1", {}, say("setup_title")),
    el(
      "ol",
      { class: "steps" },
      step(1, "step_doctor", doctor, check),
      step(2, "step_camera", cameras, again),
      step(3, "step_app", apps, needs),
      step(4, "step_try", el("div", { class: "screen small-screen" }, frames.canvas), tries),
      step(5, "step_select", path, menu, seen, el("p", { class: "quiet" }, say("select_order"))),
    ),
  );
  const selectTitle = node.querySelectorAll("h2")[4].lastChild;

  async function lookForCameras() {
    again.disabled = true;
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
    again.disabled = false;
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
    });
    image.addEventListener("error", () => image.classList.add("blank"));
    const used = device === (shared.state?.camera ?? shared.catalogue.camera);
    return el(
      "button",
      {
        type: "button",
        class: "tile",
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
    setTimeout(lookForCameras, 700);
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
    await order("profile", { name });
    await shared.refresh();
    apps.querySelector(`[data-key="${CSS.escape(`app ${name}`)}"]`)?.focus();
  }

  function drawWhere(profile) {
    const camera = shared.catalogue.system === "linux" ? "Gesture Cam" : "OBS Virtual Camera";
    const key = `select_${profile}`;
    const steps = say(say(key) === key ? "select_system" : key).split(" › ");
    selectTitle.textContent = say("step_select", { camera });
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
    since ??= state.fired[0]?.number ?? 0;
    const bindings = shared.catalogue.profiles[current()] ?? [];
    const first = bindings.find((each) => each.gesture === "stop") ?? bindings[0];
    const fired = state.fired.find((each) => each.number > since && each.action);
    if (fired) doneOnce = fired;
    const ring = tries.querySelector(".ring");
    const key = JSON.stringify([first, doneOnce && doneOnce.number]);
    if (tries.dataset.key !== key) {
      tries.dataset.key = key;
      drawTry(first);
    } else if (ring) {
      const hand = state.hands.find((each) => each.gesture === first?.gesture);
      ring.style.setProperty("--share", String(hand?.progress ?? 0));
    }
  }

  function drawTry(first) {
    if (!first) return tries.replaceChildren();
    const action = actionName(first.action, shared.catalogue, current());
    const text = doneOnce
      ? say("try_done", { gesture: gestureName(doneOnce.gesture), hand: handName(doneOnce.hand) })
      : say("try_hint", { action: action.charAt(0).toLowerCase() + action.slice(1) });
    return tries.replaceChildren(
      el("div", { class: "ring" }, picture(entry(shared.catalogue, first.gesture))),
      el("p", { role: "status", class: doneOnce ? "good" : "" }, text),
    );
  }

  async function examine() {
    check.disabled = true;
    doctor.replaceChildren(el("li", { class: "quiet" }, say("looking")));
    const found = await ask("doctor").catch(() => null);
    check.disabled = false;
    if (found === null) {
      doctor.replaceChildren(el("li", { class: "note", role: "alert" }, say("doctor_failed")));
      return;
    }
    found.sort((a, b) => "fwo".indexOf(a.status[0]) - "fwo".indexOf(b.status[0]));
    const good = found.filter((each) => each.status === "ok");
    const rest = found.filter((each) => each.status !== "ok");
    doctor.replaceChildren(...rest.map(finding));
    doctor.append(
      el(
        "li",
        { "data-status": "ok" },
        el(
          "details",
          {},
          el("summary", {}, rest.length ? say("also_good", { n: good.length }) : say("all_well")),
          el("ul", {}, ...good.map(finding)),
        ),
      ),
    );
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
    lookForCameras();
    examine();
  }

  function hide() {
    frames.stop();
    clearInterval(renewing);
  }

  return { node, update, show, hide, catalogueChanged: drawApps };
}

function thumbnail(device) {
  return `thumbnail?device=${encodeURIComponent(device)}&at=${Date.now()}`;
}

function finding(found) {
  const copy = found.command
    ? el(
        "button",
        { type: "button", class: "small", onclick: () => copyText(found.command) },
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
      el("strong", {}, found.name),
      el("p", {}, found.text),
      found.remedy
        ? el("p", { class: "remedy" }, el("strong", {}, say("fix")), " ", found.remedy)
        : null,
    ),
    found.command ? el("div", { class: "row command" }, el("code", {}, found.command), copy) : null,
  );
}

async function copyText(text) {
  await navigator.clipboard.writeText(text).then(
    () => toast(say("copied")),
    () => replaceText(document.getElementById("toast"), text),
  );
}
