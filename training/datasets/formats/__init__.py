"""One file a layout: how each kind of source is read."""
