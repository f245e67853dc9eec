"""What happened: the event log, the gestures that fired, the frames of the last seconds."""
