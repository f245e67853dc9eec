// What actions are called, and the menu to choose one from.
import { el } from "./page.js";
import { isPlugin, pluginGroups, pluginName, pluginValue } from "./plugins.js";
import { say } from "./words.js";

const FIXED = {
  group_mic: ["mic.mute", "mic.unmute", "mic.toggle"],
  group_picture: [
    "video.blank",
    "video.blur",
    "video.freeze",
    "video.resume",
    "overlay.toggle",
    "overlay.on",
    "overlay.off",
  ],
};

const KEYS = ["ctrl", "alt", "shift", "cmd", "space", "enter", "esc"];
const MAC = { ctrl: "⌃", alt: "⌥", shift: "⇧", cmd: "⌘" };

export function chordName(chord, system) {
  return chord
    .split("+")
    .map(
      (key) =>
        (system === "macos" && MAC[key]) ||
        (KEYS.includes(key) && say(`key_${key}`)) ||
        (key.length > 1
          ? key.replaceAll("_", " ").replace(/^./, (c) => c.toUpperCase())
          : key.toUpperCase()),
    )
    .join("+");
}

// Finds the name of an app's own key, such as “Mute or unmute in Zoom”.
export function titleOf(name, catalogue) {
  const app = catalogue.apps.find((each) => each.name === name);
  return app ? app.title.replace(/^./, (c) => c.toUpperCase()) : name;
}

function appName(action, catalogue, profile) {
  const app = catalogue.apps.find((each) => each.name === profile);
  const known = app?.actions.find((each) => each.action === action);
  if (!known) return null; // in other profiles the same keys go to whatever has the focus
  const { means } = known;
  return say(`app_${means}`, {
    app: app.title,
    keys: chordName(action.split(":")[1], catalogue.system),
  });
}

export function actionName(action, catalogue, profile) {
  if (!action) return say("nothing_bound");
  const fixed = say(`act_${action.replace(".", "_")}`);
  if (!fixed.startsWith("act_")) return fixed;
  const app = appName(action, catalogue, profile);
  if (app) return app;
  if (isPlugin(action)) return pluginName(action, catalogue);
  const kind = action.slice(0, action.indexOf(":"));
  const rest = action.slice(action.indexOf(":") + 1);
  if (kind === "key" || kind === "hold")
    return say(`do_${kind}`, { keys: chordName(rest, catalogue.system) });
  if (kind === "reaction") return say("do_reaction", { emoji: rest });
  if (kind === "profile") return say("act_profile", { name: titleOf(rest, catalogue) });
  if (kind === "run") return say("do_run", { argv: rest });
  return action;
}

function group(label, actions) {
  return el(
    "optgroup",
    { label },
    ...actions.map(([value, text]) => el("option", { value }, text)),
  );
}

export function actionMenu(catalogue, profile, value) {
  const named = (actions) =>
    actions.map((action) => [action, actionName(action, catalogue, profile)]);
  const apps = catalogue.apps
    .filter((app) => app.actions.length)
    .sort((a, b) => (b.name === profile) - (a.name === profile));
  const other = ["pause", "resume"].map((action) => [
    action,
    actionName(action, catalogue, profile),
  ]);
  const profiles = Object.keys(catalogue.profiles).filter((name) => name !== profile);
  const menu = el(
    "select",
    { id: "action" },
    group(say("group_mic"), named(FIXED.group_mic)),
    ...apps.map((app) =>
      group(
        app.title,
        app.actions.map((known) => [
          known.action + (app.name === profile ? "" : `\n${app.name}`),
          actionName(known.action, catalogue, app.name),
        ]),
      ),
    ),
    group(say("group_picture"), [
      ...named(FIXED.group_picture),
      ["reaction:", say("act_reaction")],
    ]),
    ...pluginGroups(catalogue).map(([title, actions]) => group(title, actions)),
    group(say("group_keys"), [
      ["key:", say("act_key")],
      ["hold:", say("act_hold")],
    ]),
    group(say("group_other"), [
      ...other,
      ...profiles.map((name) => [`profile:${name}`, say("act_profile", { name: titleOf(name, catalogue) })]),
      ...(catalogue.commands ? [["run:", say("act_run")]] : []),
    ]),
  );
  if (!catalogue.plugins.length)
    menu.lastElementChild.append(
      el("option", { value: "none", disabled: true }, say("plugin_none")),
    );
  menu.value = value ?? "mic.mute";
  if (menu.selectedIndex < 0 && isPlugin(value)) menu.value = pluginValue(value, catalogue);
  if (menu.selectedIndex < 0) menu.value = value.slice(0, value.indexOf(":") + 1);
  return menu;
}
