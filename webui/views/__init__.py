"""Views that people keep: a page with its filter and order, under a name."""
