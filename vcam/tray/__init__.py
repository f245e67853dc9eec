"""The program's icon in the tray: what it is doing, Pause, Open panel, Quit."""
