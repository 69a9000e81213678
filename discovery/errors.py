"""The one family of errors. The text of an error is the sentence the user reads."""


class GnomonError(Exception):
    """Something the user can understand and mend; shown as it is, without a traceback."""


class UnreadableLog(GnomonError):
    """Nothing could be read of a log: missing, empty, not a log, or of no known format."""


class CatalogueError(GnomonError):
    """A mistake in a shipped or edited data file; the text names file, line and key."""
