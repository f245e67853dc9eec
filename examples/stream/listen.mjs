// Prints events, and says that this program is muted. Needs no packages; see docs/stream.md.
import { connect } from "node:net";
import { createInterface } from "node:readline";

const stream = connect(process.argv[2]); // such as /run/user/1000/vcam/events.sock
stream.write('{"program": "my app", "muted": true}\n');
for await (const line of createInterface({ input: stream })) {
  const event = JSON.parse(line);
  console.log(event.type, event.phase, event.gesture);
}
