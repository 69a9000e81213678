"""Reports: one gathering of what is to be told (`pack`), documents for different readers made from it, and the files they become."""
