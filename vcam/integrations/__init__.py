"""OBS, Teams, MQTT, webhooks, sounds and the stream: each only where the settings name it."""
