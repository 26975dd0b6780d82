"""Looks at what the makers of clients made: `look_at_clients.py DOCUMENT FOLDER`.

A value whose type is unknown, a type that nobody named, or a union whose members cannot be told apart is a defect of the description,
and the compilers would take all three.
"""

import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

MODELS = {
    "Kotlin": ("kotlin/src/main/kotlin/qinqing/models", ".kt"),
    "Swift": ("swift/Sources/Qinqing/Models", ".swift"),
    "Python": ("python/qinqing_client/models", ".py"),
}
UNNAMED = re.compile(r"^(inline_?object|model)_?\d+$|_\d+$|any_?of|one_?of|all_?of|inner$|_type_\d", re.IGNORECASE)
"""What makers call a type that has no name."""
UNTYPED = {
    "Kotlin": re.compile(r"^(?!.*\bfun ).*\bkotlin\.Any\b", re.MULTILINE),
    "Swift": re.compile(r"\b(?:Any|AnyCodable|AnyType|JSONValue)\b"),
    "Python": re.compile(r"^    \w+: .*\bAny\b(?!\] = _attrs_field\(init=False)", re.MULTILINE),
}
"""A field of any type. Python's bag of fields that a later release may add is none."""


def unions(document: dict[str, Any]) -> dict[str, list[str]]:
    """By the name of each union, its members."""
    named = document["components"]["schemas"].items()
    return {name: [one["$ref"].rpartition("/")[2] for one in told["oneOf"]] for name, told in named if "discriminator" in told}


def faults_of(language: str, folder: Path, suffix: str) -> Iterator[str]:
    """What is wrong with the models of one language."""
    files = sorted(folder.glob(f"*{suffix}"))
    if len(files) < 200:  # there are about three hundred
        yield f"{language}: only {len(files)} models in {folder}"
    for file in files:
        if UNNAMED.search(file.stem):
            yield f"{language}: {file.name} is a type without a name"
        yield from (
            f"{language}: {file.name}: {found[0].strip()}" for found in UNTYPED[language].finditer(file.read_text(encoding="utf-8"))
        )


def untold_unions(made: Path, named: dict[str, list[str]]) -> Iterator[str]:
    """Unions that are not sealed types in Kotlin and enumerations with a case for each member in Swift."""
    for name, members in named.items():
        kotlin = (made / MODELS["Kotlin"][0] / f"{name}.kt").read_text(encoding="utf-8")
        swift = (made / MODELS["Swift"][0] / f"{name}.swift").read_text(encoding="utf-8")
        for member in members:
            if f"sealed interface {name}" not in kotlin or f"value: {member})" not in kotlin:
                yield f"Kotlin: {name} is no sealed type with {member}"
            if f"enum {name}:" not in swift or f"({member})" not in swift:
                yield f"Swift: {name} is no enumeration with {member}"


def untyped_script(text: str) -> Iterator[str]:
    """Values of unknown type in TypeScript; that an answer may carry more headers than the description names is no value."""
    for number, line in enumerate(text.splitlines(), 1):
        code = re.sub(r'"[^"]*"', "", line)
        if not code.lstrip().startswith(("*", "/*")) and re.search(r"\b(?:any|unknown)\b", code) and "[name: string]: unknown;" not in code:
            yield f"TypeScript: line {number}: {line.strip()}"


def main(document: str, folder: str) -> int:
    """Everything that is wrong, a line each."""
    made, described = Path(folder), json.loads(Path(document).read_text(encoding="utf-8"))
    found = [fault for language, (place, suffix) in MODELS.items() for fault in faults_of(language, made / place, suffix)]
    found += untold_unions(made, unions(described))
    found += untyped_script((made / "typescript" / "schema.ts").read_text(encoding="utf-8"))
    print(*found or [f"  {len(unions(described))} unions are sealed types; no value is without a type, no type without a name"], sep="\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
