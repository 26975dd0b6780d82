"""Takes the runtime of kotlinx.serialization out of the wheel that carries it: `unpack_jars.py WHEEL FOLDER`."""

import sys
from pathlib import Path
from zipfile import ZipFile


def main(wheel: str, folder: str) -> None:
    """Its jars, alone."""
    into = Path(folder)
    into.mkdir(parents=True, exist_ok=True)
    with ZipFile(wheel) as packed:
        for name in packed.namelist():
            if "kotlinx-serialization-" in name and name.endswith(".jar"):
                (into / Path(name).name).write_bytes(packed.read(name))


if __name__ == "__main__":
    main(*sys.argv[1:])
