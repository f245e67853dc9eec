"""The door through which actions come in that this program does not know itself."""
