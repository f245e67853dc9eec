// Take pictures one after another, into the live picture: a countdown, then how far it has come.
import { livePicture } from "./frames.js";
import { el, order, replaceText } from "./page.js";
import { say } from "./words.js";

const AHEAD = 3;

export function recorder(shared) {
  const frames = livePicture();
  const count = el("p", { class: "count", role: "status" });
  const progress = el("progress", { max: 1, value: 0, "aria-label": say("teach_done_share") });
  let running = false;

  // Resolves to how many pictures were taken: fewer than `all` when it was stopped or one failed.
  // Gestures are paused meanwhile: nobody wants to be muted by a pose that is being taught.
  async function record(wanted) {
    if (shared.state?.paused) return take(wanted);
    await order("pause", { paused: true });
    window.addEventListener("pagehide", goOn);
    try {
      return await take(wanted);
    } finally {
      window.removeEventListener("pagehide", goOn);
      await goOn();
    }
  }

  function goOn() {
    return order("pause", { paused: false });
  }

  async function take({ gesture, hand, all, everyMs, what, needsHand }) {
    running = true;
    progress.max = all;
    progress.value = 0;
    for (let left = AHEAD; left > 0 && running; left -= 1) {
      replaceText(count, say("teach_ready", { what, n: left }));
      await pause(1000);
    }
    let done = 0;
    while (running && done < all) {
      if (needsHand && !shared.state?.hands.length) {
        replaceText(count, say(shared.state?.trouble ? "teach_no_camera" : "teach_no_hand"));
      } else {
        if (!(await order("take", { gesture, hand }))) break;
        done += 1;
        progress.value = done;
        replaceText(count, say("teach_progress", { what, done, all }));
      }
      await pause(everyMs);
    }
    running = false;
    replaceText(count, "");
    return done;
  }

  return {
    nodes: [el("div", { class: "screen" }, frames.canvas, count), progress],
    record,
    stop: () => {
      running = false;
    },
    show: frames.start,
    hide: () => {
      frames.stop();
      running = false;
    },
  };
}

function pause(ms) {
  return new Promise((done) => setTimeout(done, ms));
}
