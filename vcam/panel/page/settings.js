// All settings that are not about one gesture, and the profiles. The program says which there are.
import { titleOf } from "./actions.js";
import { chordField } from "./chord.js";
import { ask, el, field, order, prose, select, toast } from "./page.js";
import { showUndo, undoLast } from "./undo.js";
import { gestureName, say } from "./words.js";

// Whether this computer starts the program at login: no setting of the file, but of the system.
function loginCard() {
  const box = el("input", { type: "checkbox", disabled: true, "data-key": "login" });
  const refresh = async () => {
    box.checked = (await ask("login")).on;
    box.disabled = false;
  };
  box.addEventListener("change", async () => {
    box.disabled = true;
    if (await order("login", { on: box.checked })) toast(say("saved"));
    await refresh(); // what is so, not what was asked for
    box.focus();
  });
  refresh().catch(() => {}); // the page says itself that the program is gone
  return el(
    "section",
    { class: "card form", "aria-labelledby": "login-title" },
    el("h2", { id: "login-title" }, say("login_title")),
    el("label", { class: "tick" }, box, el("span", {}, say("login_on"))),
    el("span", { class: "quiet" }, say("login_text")),
  );
}

export function settingsPage(shared) {
  const groups = el("div", { class: "groups" });
  const profiles = el("section", { class: "card", "aria-labelledby": "profiles-title" });
  const undo = el("button", {
    type: "button",
    class: "undo",
    "data-key": "undo",
    onclick: () => undoLast(shared),
  });
  const node = el(
    "div",
    {},
    el("h1", {}, say("settings_title")),
    el("div", { class: "row" }, undo, el("span", { class: "quiet" }, say("in_file"))),
    groups,
    profiles,
  );
  const login = loginCard();
  let drawn = "";
  let seen = []; // the catalogue and the profile that it was drawn by

  function draw() {
    if (seen[0] === shared.catalogue && seen[1] === current()) return;
    seen = [shared.catalogue, current()];
    const key = JSON.stringify([shared.catalogue.form, shared.catalogue.profiles, current()]);
    showUndo(undo, shared.catalogue);
    if (key === drawn) return;
    drawn = key;
    const focus = document.activeElement?.dataset?.key;
    const typed = halfTyped();
    const named = shared.catalogue.form.map((each) => each.group);
    const names = [...new Set(named)].filter((name) => name !== "profile");
    groups.replaceChildren(...names.map(group), login);
    profiles.replaceChildren(...profileTools());
    for (const [name, text] of typed)
      node.querySelector(`[data-key="${CSS.escape(name)}"]`).value = text;
    if (focus) node.querySelector(`[data-key="${CSS.escape(focus)}"]`)?.focus();
  }

  // The name of a profile that somebody types while another tab, or the call, changes something.
  function halfTyped() {
    const field = document.activeElement;
    const typing = field?.dataset?.key === "profile name" && profiles.contains(field);
    return typing ? [["profile name", field.value]] : [];
  }

  function current() {
    return shared.state?.profile ?? shared.catalogue.profile;
  }

  function group(name) {
    const id = `group-${name}`;
    const controls = shared.catalogue.form.filter((each) => each.group === name).map(control);
    return el(
      "section",
      { class: "card form", "aria-labelledby": id },
      el("h2", { id }, say(`group_${name}`)),
      ...controls,
      name === "timing" ? easyHold() : null,
    );
  }

  async function change(key, value) {
    if (await order("setting", { key, value })) toast(say("saved"));
    drawn = ""; // what was refused is drawn as it was
    seen = [];
    await shared.refresh();
  }

  function control(entry) {
    const name = say(`set_${entry.key.replaceAll(".", "_")}`, {}, entry.says);
    const more = entry.kind === "choice" ? "" : (entry.more ?? "");
    const hints = [more, entry.later ? say("at_next_start") : ""].filter(Boolean);
    const hint = hints.length ? el("span", { class: "quiet" }, ...prose(hints.join(" "))) : null;
    if (entry.kind === "flag") {
      const box = el("input", {
        type: "checkbox",
        checked: entry.value,
        "data-key": entry.key,
        onchange: (event) => change(entry.key, event.target.checked),
      });
      const tick = el("label", { class: "tick" }, box, el("span", {}, name));
      return el("div", {}, tick, hint);
    }
    if (entry.kind === "chord") return chord(entry, name);
    const input = entry.kind === "number" ? number(entry) : menu(entry);
    return el("div", {}, field(name, input), hint);
  }

  function number(entry) {
    return el("input", {
      type: "number",
      min: entry.min,
      max: entry.max,
      step: entry.step,
      value: entry.value,
      "data-key": entry.key,
      onchange: (event) => {
        if (event.target.reportValidity()) change(entry.key, Number(event.target.value));
      },
    });
  }

  function menu(entry) {
    const named = (value) =>
      entry.names?.[value] ??
      (entry.kind === "gesture" ? gestureName(value) : say(`option_${value}`, {}, value));
    const options = entry.options.map((value) => [value, named(value)]);
    if (entry.kind === "gesture") options.unshift(["", say("none")]);
    if (entry.value !== null && !options.some(([value]) => value === entry.value))
      options.push([entry.value, named(entry.value)]);
    return select(options, entry.value ?? "", {
      "data-key": entry.key,
      onchange: (event) => change(entry.key, event.target.value || null),
    });
  }

  function chord(entry, name) {
    const { box, text } = chordField(entry.value ?? "", name);
    const keep = el(
      "button",
      {
        type: "button",
        "data-key": entry.key,
        onclick: () => change(entry.key, text.value.trim() || null),
      },
      say("save_key"),
    );
    return el("div", { class: "form" }, box, el("div", {}, keep));
  }

  function easyHold() {
    const set = async (on) => {
      if (await order("easy-hold", { on })) toast(say("saved"));
      await shared.refresh();
    };
    const button = (key, on) =>
      el(
        "button",
        { type: "button", class: "small", "data-key": key, onclick: () => set(on) },
        say(key),
      );
    return el(
      "div",
      {},
      el("p", { class: "quiet" }, say("easy_hold_text")),
      el("div", { class: "row" }, button("easy_hold", true), button("usual_hold", false)),
    );
  }

  function profileTools() {
    const { catalogue } = shared;
    const names = Object.keys(catalogue.profiles);
    const chosen = select(
      names.map((each) => [each, titleOf(each, catalogue)]),
      current(),
      { "data-key": "profile", onchange: () => allow() },
    );
    const name = el("input", { maxlength: 40, autocomplete: "off", "data-key": "profile name" });
    const hint = el("p", { class: "quiet", role: "status" });
    const act = async (what, content) => {
      const done = await order(what, content);
      await shared.refresh();
      if (done) toast(say("saved"));
    };
    const button = (key, run) =>
      el("button", { type: "button", class: "small", "data-key": key, onclick: run }, say(key));
    const rename = button("profile_rename", () =>
      act("profile-rename", { name: chosen.value, new: name.value.trim() }),
    );
    const remove = button("profile_delete", () => act("profile-delete", { name: chosen.value }));
    const file = el("input", { type: "file", accept: ".toml,text/plain", onchange: bring });
    const apps = el("input", { autocomplete: "off", "data-key": "profile when" });
    const followed = () => apps.value.split(",").map((each) => each.trim());
    function allow() {
      apps.value = catalogue.when[chosen.value].join(", ");
      const shipped = catalogue.shipped.includes(chosen.value);
      rename.disabled = remove.disabled = shipped;
      hint.textContent = shipped ? say("profile_shipped") : "";
    }
    async function bring() {
      if (!file.files.length) return;
      const content = await file.files[0].text();
      file.value = ""; // the same file, fixed meanwhile, may be chosen again
      const done = await order("profile-import", { content });
      await shared.refresh();
      if (done) toast(say("profile_imported", { name: done.answer }));
    }
    allow();
    return [
      el("h2", { id: "profiles-title" }, say("profiles_title")),
      el(
        "div",
        { class: "form" },
        ...catalogue.form.filter((each) => each.group === "profile").map(control),
        field(say("profile"), chosen),
        el(
          "div",
          { class: "row" },
          button("profile_use_now", () => act("profile", { name: chosen.value })),
          button("profile_export", () => {
            location.href = `profile-file?name=${encodeURIComponent(chosen.value)}`;
          }),
          remove,
        ),
        field(say("profile_when"), apps),
        el(
          "div",
          { class: "row" },
          button("profile_when_save", () =>
            act("profile-when", { name: chosen.value, when: followed().filter(Boolean) }),
          ),
        ),
        field(say("profile_name"), name),
        el(
          "div",
          { class: "row" },
          button("profile_new", () => act("profile-new", { name: name.value.trim() })),
          button("profile_copy", () =>
            act("profile-new", { name: name.value.trim(), source: chosen.value }),
          ),
          rename,
        ),
        hint,
        field(say("profile_import"), file),
      ),
    ];
  }

  draw();
  return { node, update: draw, show: draw, catalogueChanged: draw };
}
