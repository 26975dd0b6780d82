"""Limits of a process that reads what somebody else made, set before it reads anything."""


def confine(memory: int, seconds: int, largest_file: int | None = None) -> None:
    """Limit this process to bytes of address space, seconds of the processor, and bytes of a file that it writes; it leaves no core dump.

    Where the system has no such limits, the time alone is limited, by who waits.
    """
    try:
        import resource  # noqa: PLC0415  # not everywhere
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if largest_file is not None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (largest_file, largest_file))
