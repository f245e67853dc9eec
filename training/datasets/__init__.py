"""Pictures in: every source becomes shards of hands and of whole pictures."""
