"""The system's microphone: muted, read back, watched."""
