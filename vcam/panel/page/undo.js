// Undo, and what it would take back.
import { order, replaceText, toast } from "./page.js";
import { say } from "./words.js";

// What undo would take back is the button's name and tip, and is said when it is done.
export function showUndo(button, catalogue) {
  button.disabled = !catalogue.undo;
  const name = catalogue.undo ? say("undo_of", { what: catalogue.undoes }) : say("undo");
  button.title = name;
  button.setAttribute("aria-label", name);
  replaceText(button, say("undo"));
}

export async function undoLast(shared) {
  const done = await order("undo");
  if (done) toast(say("undone", { what: done.answer }));
  await shared.refresh();
  // With nothing left to undo the button cannot keep the focus, and it would fall to the top.
  if (document.activeElement === document.body) document.getElementById("main").focus();
}
