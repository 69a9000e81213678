"""Users of this installation: added by a link that works once, changed, and removed; always with an administrator left who sees every client."""
