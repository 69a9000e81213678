"""The interface for programs: JSON under /api/v1, opened by a token of one client."""
