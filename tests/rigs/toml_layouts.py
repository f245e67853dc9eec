"""Layouts of a settings file that all mean the same."""

LISTED = """\
# my settings
profile = "mine" # in use

[profiles.mine]
bindings = [
  { gesture = "stop", action = "mic.mute" }, # mute
  # only the left hand
  { gesture = "palm", hand = "left", action = "mic.unmute", hold_ms = 900 } # unmute
]

[gestures] # last
hold_ms = 500
"""


TABLES = """\
profile = "mine"
[[profiles.mine.bindings]]
gesture = "stop" # mute
action = "mic.mute"
[camera]
width = 640 # small
"""

LAYOUTS = {
    "listed": LISTED,
    "tables": TABLES,
    "one line": "profile = 'mine'\n[profiles]\nmine = { bindings = [] } # none yet\n",
    "dotted": "profile = 'mine'\nprofiles.mine.bindings = [] # none yet\n",
    "windows": LISTED.replace("\n", "\r\n"),
    "byte order mark": "\ufeff" + LISTED,
    "empty": "",
}
