"""`python -m app` is `qinqing`."""

from app.cli.main import run

run()
