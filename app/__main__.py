"""The `qinqing` command, and `python -m app`.

The garbage collector rests while the modules load, as nothing of them is garbage: a sixth of the start.
"""

import gc

gc.disable()

from app.cli.main import cli  # noqa: E402  # after the line above, which is for its sake


def run() -> None:
    """Carry out the command that was given."""
    gc.enable()
    cli(prog_name="qinqing")


if __name__ == "__main__":
    run()
