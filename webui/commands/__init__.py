"""The commands of `gnomon`, one module each; loaded only when called, so that each starts quickly."""
