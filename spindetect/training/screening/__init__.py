"""Training of the screening model: word suspicion, then texts."""
