"""Put the control panel together."""

from vcam.panel.collected_images import Collection
from vcam.panel.commands import Orders, RaisedThresholds
from vcam.panel.preview import Preview
from vcam.panel.protocols import Lessons, Places, Program, Teaches
from vcam.panel.recent_fires import History
from vcam.panel.server import Desk, PanelServer
from vcam.panel.settings_editor import Editor
from vcam.system.clock import Clock


class Panel:
    """The panel of one run: previews and history from the start, the server once all is ready."""

    def __init__(self, clock: Clock) -> None:
        self.self_view = Preview(clock, private=True)
        self.call = Preview(clock, private=False)
        self.history = History()

    def open(
        self,
        program: Program,
        places: Places,
        teacher: Teaches,
        lessons: Lessons | None = None,
    ) -> PanelServer:
        """Start to listen on a free port of 127.0.0.1; `lessons` keep what went wrong."""
        editor = Editor(places)
        learner = RaisedThresholds(program, editor, lessons)
        orders = Orders(program, editor, self.history, learner, teacher)
        collection = Collection(places.images)
        return PanelServer(
            Desk(
                program,
                editor,
                self.history,
                orders,
                collection,
                teacher,
                self.self_view,
                self.call,
            )
        )
