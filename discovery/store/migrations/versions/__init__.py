"""The steps, in order. A step never changes once it was released; it imports no table, for tables change."""
