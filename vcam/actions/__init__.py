"""Actions: keys, microphone, commands and plug-ins, done by a worker on a thread of its own."""
