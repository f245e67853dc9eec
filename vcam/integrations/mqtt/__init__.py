"""Gestures for the home, by MQTT."""
