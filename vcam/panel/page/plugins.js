// Actions of other programs and of plug-ins: obs.scene:Break.
import { el, send } from "./page.js";
import { say } from "./words.js";

const FORM = /^([a-z][a-z0-9_]*)\.([a-z][a-z0-9_.]*)(?::(.*))?$/s;

export function isPlugin(action) {
  const name = FORM.exec(action)?.[1];
  return Boolean(name) && !["mic", "video", "overlay"].includes(name);
}

// “Switch OBS to the scene Break”; a plug-in of others is called what the settings call it.
export function pluginName(action, catalogue) {
  const [, name, verb, argument = ""] = FORM.exec(action);
  const title = catalogue.plugins.find((each) => each.name === name)?.verbs?.[verb];
  if (title) return title.replace("{}", () => argument || "…");
  return `${name}: ${verb.replaceAll("_", " ").replaceAll(".", " ")} ${argument}`.trim();
}

// What a menu offers of each: [value, text]; a value that ends in “:” or “.” needs more.
export function pluginGroups(catalogue) {
  return catalogue.plugins.map(({ name, title, verbs }) => [
    title,
    verbs
      ? Object.entries(verbs).map(([verb, text]) => [
          `${name}.${verb}${text.includes("{}") ? ":" : ""}`,
          text.replace("{}", "…"),
        ])
      : [[`${name}.`, say("plugin_choose", { name })]],
  ]);
}

// The value of the menu for an action: what the menu offers of it, or the plug-in alone.
export function pluginValue(action, catalogue) {
  const [, name, verb, argument] = FORM.exec(action);
  const known = catalogue.plugins.find((each) => each.name === name)?.verbs;
  if (!known) return `${name}.`;
  return `${name}.${verb}${argument === undefined ? "" : ":"}`;
}

// A field for what is still open: the argument, or verb and argument of a plug-in of others.
export function pluginField(catalogue, action) {
  const list = el("datalist", { id: "plugin-choices" });
  const text = el("input", { list: "plugin-choices", autocomplete: "off" });
  const label = el("span");
  const said = el("p", { class: "quiet", role: "status" });
  const node = el("div", {}, el("label", { class: "field" }, label, text), list, said);
  let asked = "";

  const start = action && isPlugin(action) ? pluginValue(action, catalogue) : null;
  if (start) text.value = action.slice(start.length);

  async function adapt(value) {
    node.hidden = !/^[a-z0-9_]+\.([a-z0-9_.]+:)?$/.test(value);
    if (node.hidden || asked === value) return;
    if (asked) text.value = "";
    asked = value;
    const [name, verb] = value.replace(":", "").split(/\.(.*)/s);
    label.textContent = say(verb ? "plugin_argument" : "plugin_verb", { name });
    list.replaceChildren();
    said.textContent = say("plugin_asks");
    const reply = verb
      ? await send("plugin-choices", { plugin: name, verb })
      : await send("plugin-verbs", { plugin: name });
    if (asked !== value) return;
    const found = reply.ok ? (verb ? reply.answer : verbList(reply.answer)) : [];
    list.replaceChildren(...found.map((each) => el("option", { value: each })));
    said.textContent = reply.ok ? offer(found) : reply.error;
    said.classList.toggle("bad", !reply.ok);
  }

  return { node, text, adapt };
}

function verbList(verbs) {
  return Object.entries(verbs).map(([verb, title]) => (title.includes("{}") ? `${verb}:` : verb));
}

function offer(found) {
  return found.length ? say("plugin_offers", { names: found.join(", ") }) : "";
}

// What a program or a plug-in is called where its state is shown.
export function programName(name) {
  return say(`plugin_${name}`, {}, name);
}
