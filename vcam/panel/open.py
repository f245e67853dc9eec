"""Put the control panel together."""

from vcam.clock import Clock
from vcam.panel.editor import Editor
from vcam.panel.history import History
from vcam.panel.orders import Orders, RaisedThresholds
from vcam.panel.preview import Preview
from vcam.panel.program import Mistakes, Places, Program
from vcam.panel.server import Desk, PanelServer
from vcam.panel.teaching import Collection


class Panel:
    """The panel of one run: previews and history from the start, the server once all is ready."""

    def __init__(self, clock: Clock) -> None:
        self.mine = Preview(clock, private=True)
        self.call = Preview(clock, private=False)
        self.history = History()

    def open(
        self, program: Program, places: Places, mistakes: Mistakes | None = None
    ) -> PanelServer:
        """Start to listen on a free port of 127.0.0.1."""
        editor = Editor(places)
        learner = mistakes or RaisedThresholds(program, editor)
        orders = Orders(program, editor, self.history, learner)
        collection = Collection(places.pictures)
        return PanelServer(
            Desk(program, editor, self.history, orders, collection, self.mine, self.call)
        )
