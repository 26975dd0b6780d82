"""The garbage collector, told what stays."""

import gc


def keep_loaded() -> None:
    """What is loaded by now stays: the garbage collector need not look through it again and again, which took a fifth of a list's time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)
