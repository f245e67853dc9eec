// Draws the newest picture again and again while it is shown: asked for one by one, so that a slow
// browser gets fewer of them and the program never waits.
import { el } from "./page.js";
import { say } from "./words.js";

export function livePicture(view = "mine") {
  const canvas = el("canvas", { width: 960, height: 540, role: "img" });
  let running = 0;
  let showing = false;

  function label() {
    canvas.setAttribute("aria-label", say(`picture_${view}`));
  }

  // Each run asks for one view and counts for itself: what answers a former run is dropped.
  async function follow(run, asked) {
    let after = 0;
    while (run === running) {
      try {
        const answer = await fetch(`frame?view=${asked}&after=${after}`);
        if (answer.status === 200) {
          after = Number(answer.headers.get("X-Number"));
          const bitmap = await createImageBitmap(await answer.blob());
          if (run === running) draw(bitmap, after);
          bitmap.close();
        } else if (answer.status !== 204) throw new Error(String(answer.status));
        if (run === running) canvas.classList.remove("stale");
      } catch {
        if (run === running) canvas.classList.add("stale");
        await new Promise((done) => setTimeout(done, 1000));
      }
    }
  }

  function draw(bitmap, number) {
    if (canvas.width !== bitmap.width || canvas.height !== bitmap.height) {
      canvas.width = bitmap.width;
      canvas.height = bitmap.height;
    }
    canvas.getContext("2d").drawImage(bitmap, 0, 0);
    canvas.dataset.drawn = String(number);
    canvas.dataset.view = view;
  }

  function start() {
    showing = true;
    running += 1;
    follow(running, view);
  }

  function stop() {
    showing = false;
    running += 1;
  }

  // What stands there belongs to the other view: better nothing than that under the new name.
  function show(other) {
    view = other;
    label();
    canvas.getContext("2d").clearRect(0, 0, canvas.width, canvas.height);
    if (showing) start();
  }

  label();
  return { canvas, start, stop, show };
}
