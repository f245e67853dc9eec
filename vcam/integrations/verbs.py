"""What the plug-ins that come with this program can do, known without opening any of them."""

from collections.abc import Mapping
from typing import Final

from vcam.core.texts import marked

OBS: Final[Mapping[str, str]] = {
    "scene": marked("Switch OBS to the scene {}"),
    "show": marked("Show the source {} in OBS"),
    "hide": marked("Hide the source {} in OBS"),
    "toggle": marked("Show or hide the source {} in OBS"),
    "mute": marked("Mute {} in OBS"),
    "unmute": marked("Unmute {} in OBS"),
    "toggle_mute": marked("Mute or unmute {} in OBS"),
    "record.start": marked("Start recording in OBS"),
    "record.stop": marked("Stop recording in OBS"),
    "record.toggle": marked("Start or stop recording in OBS"),
    "stream.start": marked("Go live in OBS"),
    "stream.stop": marked("End the stream in OBS"),
    "stream.toggle": marked("Start or end the stream in OBS"),
    "virtual_camera.start": marked("Start the virtual camera of OBS"),
    "virtual_camera.stop": marked("Stop the virtual camera of OBS"),
    "virtual_camera.toggle": marked("Start or stop the virtual camera of OBS"),
    "replay.start": marked("Start the replay buffer of OBS"),
    "replay.stop": marked("Stop the replay buffer of OBS"),
    "replay.save": marked("Save the replay in OBS"),
}
TEAMS: Final[Mapping[str, str]] = {
    "mute": marked("Mute in Teams"),
    "unmute": marked("Unmute in Teams"),
    "toggle_mute": marked("Mute or unmute in Teams"),
    "camera.on": marked("Camera on in Teams"),
    "camera.off": marked("Camera off in Teams"),
    "camera.toggle": marked("Camera on or off in Teams"),
    "hand.raise": marked("Raise your hand in Teams"),
    "hand.lower": marked("Lower your hand in Teams"),
    "hand.toggle": marked("Raise or lower your hand in Teams"),
    "blur.toggle": marked("Blur the background in Teams, or not"),
    "react": marked("React in Teams with {}"),
    "leave": marked("Leave the Teams call"),
}
MQTT: Final[Mapping[str, str]] = {"publish": marked("Publish by MQTT: {}")}
WEBHOOK: Final[Mapping[str, str]] = {"post": marked("Post the gesture to the webhook")}

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
