// Say what a gesture does: a dialog with a menu of plain words.
import { actionMenu, actionName } from "./actions.js";
import { chordField } from "./chord.js";
import { busy, el, field, order, select, toast } from "./page.js";
import { emojiPicker } from "./emoji.js";
import { isPlugin, pluginField } from "./plugins.js";
import { gestureName, handName, say } from "./words.js";

const AHEAD = 3;

// Carries an action out after a countdown, so that there is time to give the app the focus, and
// unless it is not wanted any more by then.
export function tryAction(action, name, button, wanted = () => true) {
  const harmless = /^(mic|video|overlay|reaction|pause|resume)/.test(action) || isPlugin(action);
  return busy(button, async () => {
    for (let left = harmless ? 0 : AHEAD; left > 0; left -= 1) {
      toast(say("trying", { action: name, n: left }));
      await new Promise((done) => setTimeout(done, 1000));
      if (!wanted()) return;
    }
    const reply = await order("try", { action });
    if (reply) toast(say(reply.answer === "dry_run" ? "tried_dry" : "tried", { action: name }));
  });
}

export function bindingDialog(gesture, old, act) {
  const { catalogue } = act.shared;
  const profile = act.profile();
  const before = old ?? {
    gesture,
    hand: gesture ? freeHand(gesture, catalogue.profiles[profile] ?? []) : "any",
    action: "mic.mute",
    hold_ms: null,
  };
  const menu = actionMenu(catalogue, profile, before.action);
  const rest = before.action.slice(before.action.indexOf(":") + 1);
  const chord = chordField(/^(key|hold):/.test(before.action) ? rest : "");
  const emoji = emojiPicker(catalogue, before.action.startsWith("reaction:") ? rest : "👍");
  const emojiField = emoji.node;
  const argv = el("input", {
    value: before.action.startsWith("run:") ? rest : '["notify-send", "hello"]',
  });
  const argvField = field(say("argv"), argv);
  const plugin = pluginField(catalogue, before.action);
  const pair = gesture === null ? stepFields(catalogue) : null;
  const named = () => gesture ?? pair.value();
  // One hand at a time makes swipes and sequences.
  const byOne = gesture === null || gesture.startsWith("swipe_") || gesture.includes(">");
  const hand = select(
    ["any", "left", "right", ...(byOne ? [] : ["both"])].map((each) => [each, handName(each)]),
    before.hand,
  );
  const times = [
    ["", say("hold_usual")],
    ...[200, 400, 600, 800, 1000, 1500, 2000].map((ms) => [
      String(ms),
      say("seconds", { s: ms / 1000 }),
    ]),
  ];
  const current = before.hold_ms === null ? "" : String(before.hold_ms);
  if (!times.some(([value]) => value === current))
    times.push([current, say("seconds", { s: before.hold_ms / 1000 })]);
  const hold = select(times, current);
  const guard = el("input", { type: "checkbox" });
  const guardName = el("span");
  const guardField = el("label", { class: "tick" }, guard, guardName);
  const tryButton = el(
    "button",
    {
      type: "button",
      onclick: () =>
        tryAction(
          chosen(),
          actionName(chosen(), catalogue, profile),
          tryButton,
          () => dialog.open, // who cancels wants no key pressed either
        ),
    },
    say("try"),
  );
  const dialog = el(
    "dialog",
    { "aria-labelledby": "dialog-title" },
    el(
      "form",
      { method: "dialog", onsubmit: save },
      el(
        "h2",
        { id: "dialog-title" },
        gesture === null
          ? say("dialog_steps")
          : say("dialog_title", { gesture: gestureName(gesture) }),
      ),
      pair?.node,
      field(say("what"), menu),
      chord.box,
      emojiField,
      argvField,
      plugin.node,
      guardField,
      el("div", { class: "row" }, field(say("which_hand"), hand), field(say("hold_time"), hold)),
      el("p", { class: "said", role: "status" }),
      el(
        "div",
        { class: "row ends" },
        tryButton,
        el("span", { class: "gap" }),
        el("button", { type: "button", onclick: () => dialog.close() }, say("cancel")),
        el("button", { type: "submit", class: "main" }, say("save")),
      ),
    ),
  );

  function chosen() {
    const kind = menu.value.split("\n")[0];
    if (kind === "key:" || kind === "hold:") return kind + chord.text.value.trim();
    if (kind === "reaction:") return kind + emoji.value();
    if (kind === "run:") return kind + argv.value.trim();
    if (!plugin.node.hidden) return kind + plugin.text.value.trim();
    return kind;
  }

  // The app whose own key is chosen, and the windows that it should go to alone.
  function guarded() {
    const [action, from] = menu.value.split("\n");
    const app = catalogue.apps.find((each) => each.name === (from ?? profile));
    const focus = app?.actions.find((known) => known.action === action)?.focus ?? [];
    return { title: app?.title, focus };
  }

  function adapt() {
    plugin.adapt(menu.value);
    const { title, focus } = guarded();
    guardField.hidden = !focus.length;
    guardName.textContent = say("only_focus", { app: title ?? "" });
    guard.checked =
      chosen() !== before.action || before.focus === undefined || before.focus.length > 0;
    chord.box.hidden = !["key:", "hold:"].includes(menu.value);
    emojiField.hidden = menu.value !== "reaction:";
    argvField.hidden = menu.value !== "run:";
  }

  async function save(event) {
    event.preventDefault();
    const binding = {
      profile,
      gesture: named(),
      hand: hand.value,
      action: chosen(),
      hold_ms: hold.value ? Number(hold.value) : null,
      focus: wanted(),
      old,
    };
    if (!(await act.do("bind", binding))) return;
    dialog.close();
    toast(say("saved"));
  }

  // Keys typed in by hand keep the windows that they were bound to.
  function wanted() {
    if (!guardField.hidden) return guard.checked ? guarded().focus : [];
    return /^(key|hold):/.test(chosen()) ? (before.focus ?? []) : [];
  }

  const opener = document.activeElement?.dataset?.key;
  menu.addEventListener("change", adapt);
  dialog.addEventListener("close", () => {
    dialog.remove();
    (
      document.querySelector(`[data-key="${CSS.escape(opener ?? "")}"]`) ??
      document.querySelector(`[data-key="${CSS.escape(`bind ${gesture}`)}"]`)
    )?.focus();
  });
  adapt();
  document.body.append(dialog);
  dialog.showModal();
  menu.focus();
}

// Two menus: a gesture, and the one that must follow it.
function stepFields(catalogue) {
  const held = catalogue.gestures.filter((each) => !each.name.startsWith("swipe_"));
  const menu = (value) =>
    select(
      held.map((each) => [each.name, gestureName(each.name)]),
      value,
    );
  const [first, second] = [menu("fist"), menu("palm")];
  return {
    node: el(
      "div",
      { class: "row" },
      field(say("step_first"), first),
      field(say("step_then"), second),
    ),
    value: () => `${first.value}>${second.value}`,
  };
}

function freeHand(gesture, bindings) {
  const taken = bindings.filter((each) => each.gesture === gesture).map((each) => each.hand);
  return ["any", "left", "right"].find((hand) => !taken.includes(hand)) ?? "any";
}
