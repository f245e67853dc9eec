"""What happened: the event log, and the gestures that fired."""
