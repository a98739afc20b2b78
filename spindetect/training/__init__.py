"""Making a model: corpus, simulated spinners, pairs, fitting, the bundle."""
