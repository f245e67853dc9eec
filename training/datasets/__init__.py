"""Datasets: every source of pictures becomes shards of hands and of whole pictures."""
