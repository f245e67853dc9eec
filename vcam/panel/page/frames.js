// Draws the newest picture again and again while it is shown: asked for one by one, so that a slow
// browser gets fewer of them and the program never waits.
import { el } from "./page.js";
import { say } from "./words.js";

export function livePicture(view = "mine") {
  const canvas = el("canvas", { width: 960, height: 540, role: "img" });
  let running = 0;
  let after = 0;

  function label() {
    canvas.setAttribute("aria-label", say(`picture_${view}`));
  }

  async function follow(run) {
    while (run === running) {
      try {
        const answer = await fetch(`frame?view=${view}&after=${after}`);
        if (answer.status === 200) {
          after = Number(answer.headers.get("X-Number"));
          await draw(await answer.blob());
        } else if (answer.status !== 204) throw new Error(String(answer.status));
      } catch {
        await new Promise((done) => setTimeout(done, 1000));
      }
    }
  }

  async function draw(blob) {
    const bitmap = await createImageBitmap(blob);
    if (canvas.width !== bitmap.width || canvas.height !== bitmap.height) {
      canvas.width = bitmap.width;
      canvas.height = bitmap.height;
    }
    canvas.getContext("2d").drawImage(bitmap, 0, 0);
    canvas.dataset.drawn = String(after);
    bitmap.close();
  }

  label();
  return {
    canvas,
    start: () => {
      running += 1;
      follow(running);
    },
    stop: () => {
      running += 1;
    },
    look: (other) => {
      view = other;
      after = 0;
      label();
    },
  };
}
