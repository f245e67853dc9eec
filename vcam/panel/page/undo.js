// Undo, and what it would take back.
import { order, toast } from "./page.js";
import { say } from "./words.js";

// What undo would take back stands on the button, and is said when it is done.
export function showUndo(button, catalogue) {
  button.disabled = !catalogue.undo;
  button.textContent = catalogue.undo ? say("undo_of", { what: catalogue.undoes }) : say("undo");
}

export async function undoLast(shared) {
  const done = await order("undo");
  if (done) toast(say("undone", { what: done.answer }));
  await shared.refresh();
}
