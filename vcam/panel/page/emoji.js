// A picker of reactions: radio buttons with pictures, by group, and a choice of skin tone.
import { el } from "./page.js";
import { say } from "./words.js";

const PLAIN = /[\u{fe0f}]/gu;
const TONE = /[\u{1f3fb}-\u{1f3ff}]$/u;

export function emojiPicker(catalogue, chosen) {
  const { groups, toned, tones } = catalogue.emoji;
  const now = chosen.replace(PLAIN, "");
  let sign = now.replace(TONE, "");
  let tone = TONE.exec(now)?.[0] ?? "";
  const box = el("div", { class: "emoji" });

  function redraw() {
    const mark = tones.find((each) => each.sign === tone);
    const cell = (each) => {
      const file = mark && toned.includes(each.sign) ? `${each.file}_${mark.file}` : each.file;
      return el(
        "label",
        { title: each.name },
        el("input", {
          type: "radio",
          name: "emoji",
          value: each.sign,
          checked: each.sign === sign,
          "aria-label": each.name,
          onchange: () => {
            sign = each.sign;
          },
        }),
        el("img", { src: `emoji_${file}.webp`, alt: "", width: 36, height: 36, loading: "lazy" }),
      );
    };
    const { scrollTop } = box; // another tone leaves the signs where they are
    box.replaceChildren(
      ...Object.entries(groups).map(([group, signs]) =>
        el(
          "fieldset",
          {},
          el("legend", { class: "quiet" }, say(`emoji_${group}`)),
          el("div", { class: "signs" }, ...signs.map(cell)),
        ),
      ),
    );
    box.scrollTop = scrollTop;
  }

  // A hand in each tone to choose from.
  function toneOf(value, label, file) {
    return el(
      "label",
      { title: label },
      el("input", {
        type: "radio",
        name: "tone",
        value,
        checked: value === tone,
        "aria-label": label,
        onchange: () => {
          tone = value;
          redraw();
        },
      }),
      el("img", { src: `emoji_270b${file}.webp`, alt: "", width: 28, height: 28 }),
    );
  }

  const skin = el(
    "fieldset",
    {},
    el("legend", { class: "quiet" }, say("tone")),
    el(
      "div",
      { class: "signs" },
      toneOf("", say("tone_none"), ""),
      ...tones.map((each, index) => toneOf(each.sign, say(`tone_${index}`), `_${each.file}`)),
    ),
  );

  redraw();
  return {
    node: el("div", { class: "picker" }, box, skin),
    value: () => (toned.includes(sign) ? sign + tone : sign),
  };
}
