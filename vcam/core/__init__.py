"""The types that every room speaks of: frames, boxes, hands, labels, events, bindings."""
