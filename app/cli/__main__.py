"""`python -m app.cli` is `weerklank`, from the folder it is run in."""

from app.cli import main

main()
