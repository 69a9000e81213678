"""SHOW: pages, command line and reports, where people act on what was found."""
