"""What the plug-ins that come with this program can do, known without opening any of them."""

from collections.abc import Mapping
from typing import Final

OBS: Final[Mapping[str, str]] = {
    "scene": "Switch OBS to the scene {}",
    "show": "Show the source {} in OBS",
    "hide": "Hide the source {} in OBS",
    "toggle": "Show or hide the source {} in OBS",
    "mute": "Mute {} in OBS",
    "unmute": "Unmute {} in OBS",
    "toggle_mute": "Mute or unmute {} in OBS",
    "record.start": "Start recording in OBS",
    "record.stop": "Stop recording in OBS",
    "record.toggle": "Start or stop recording in OBS",
    "stream.start": "Go live in OBS",
    "stream.stop": "End the stream in OBS",
    "stream.toggle": "Start or end the stream in OBS",
    "virtual_camera.start": "Start the virtual camera of OBS",
    "virtual_camera.stop": "Stop the virtual camera of OBS",
    "virtual_camera.toggle": "Start or stop the virtual camera of OBS",
    "replay.start": "Start the replay buffer of OBS",
    "replay.stop": "Stop the replay buffer of OBS",
    "replay.save": "Save the replay in OBS",
}
TEAMS: Final[Mapping[str, str]] = {
    "mute": "Mute in Teams",
    "unmute": "Unmute in Teams",
    "toggle_mute": "Mute or unmute in Teams",
    "camera.on": "Camera on in Teams",
    "camera.off": "Camera off in Teams",
    "camera.toggle": "Camera on or off in Teams",
    "hand.raise": "Raise your hand in Teams",
    "hand.lower": "Lower your hand in Teams",
    "hand.toggle": "Raise or lower your hand in Teams",
    "blur.toggle": "Blur the background in Teams, or not",
    "react": "React in Teams with {}",
    "leave": "Leave the Teams call",
}
MQTT: Final[Mapping[str, str]] = {"publish": "Publish by MQTT: {}"}
WEBHOOK: Final[Mapping[str, str]] = {"post": "Post the gesture to the webhook"}

VERBS: Final[Mapping[str, Mapping[str, str]]] = {
    "obs": OBS,
    "teams": TEAMS,
    "mqtt": MQTT,
    "webhook": WEBHOOK,
}
NEEDS: Final[Mapping[str, str]] = {
    "obs": '[obs] host = "localhost"',
    "teams": '[teams] host = "localhost"',
    "mqtt": '[mqtt] host = "broker.local"',
    "webhook": '[webhook] url = "http://127.0.0.1:8000/"',
}
"""What the settings must say before each is spoken to."""
