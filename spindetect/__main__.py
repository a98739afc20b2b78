"""`python -m spindetect`: the command line."""

from spindetect.cli import main

main()
