"""`python -m webui` is the command `gnomon`."""

from webui.cli import main

main()
