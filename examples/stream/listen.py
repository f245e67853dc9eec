"""Prints events, and says that this program is muted. Linux and macOS; see docs/stream.md."""

import json
import socket
import sys

with socket.socket(socket.AF_UNIX) as stream:
    stream.connect(sys.argv[1])  # such as /run/user/1000/vcam/events.sock
    stream.sendall(b'{"program": "my app", "muted": true}\n')
    for line in stream.makefile(encoding="utf-8"):
        event = json.loads(line)
        print(event["type"], event.get("phase"), event.get("gesture"), flush=True)
