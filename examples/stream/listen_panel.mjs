// The same at the panel's address, on every system. Needs no packages; see docs/stream.md.
import { readFileSync } from "node:fs";

const address = readFileSync(process.argv[2], "utf8").trim(); // the file events.url
const muted = JSON.stringify({ program: "my app", muted: true, for_s: 30 });
await fetch(new URL("tell", address), { method: "POST", body: muted });
const events = (await fetch(address)).body.pipeThrough(new TextDecoderStream());
for await (const text of events) {
  for (const [, line] of text.matchAll(/^data: (.*)$/gm)) console.log(JSON.parse(line));
}
