"""The loops: recipes, schedules, resuming, several processes."""
