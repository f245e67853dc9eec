"""Batches for the nets: sampled from shards, then moved, lit and augmented as a webcam would."""
