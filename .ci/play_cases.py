"""Plays the published cases whose every named rule this register implements: `play_cases.py KIT URL KEY`.

The kit's own exit status is ours: 0 when every chosen case passes.
"""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import yaml


class Cases(yaml.SafeLoader):
    """YAML in which `on` is a word: only true and false are booleans."""


Cases.yaml_implicit_resolvers = {
    first: [row for row in rows if row[0] != "tag:yaml.org,2002:bool"] for first, rows in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
Cases.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile("^(?:true|false)$"), ["t", "f"])


def implemented(url: str, key: str) -> set[str]:
    """The ids of the rules that the register publishes."""
    answer = httpx.get(f"{url}/v1/rules", params={"limit": 200}, headers={"Authorization": f"Bearer {key}"})
    answer.raise_for_status()
    return {rule["id"] for rule in answer.json()["items"]}


def named(case: dict[str, Any]) -> Iterator[str]:
    """Every rule that a case expects, forbids or hides."""
    for expectation in case["expect"].values():
        for part in ("fires", "silent", "hidden_from_declarant"):
            yield from expectation.get(part, ())


def main(kit: str, url: str, key: str) -> int:
    """Choose and play."""
    rules = implemented(url, key)
    folder = Path(kit) / "cases"
    cases = [case for file in sorted(folder.glob("*.yaml")) for case in yaml.load(file.read_text(encoding="utf-8"), Cases) or ()]  # noqa: S506
    chosen = [case["id"] for case in cases if rules.issuperset(named(case))]
    print(f"{len(chosen)} of {len(cases)} cases name only the {len(rules)} rules implemented", flush=True)
    picked = [part for case in chosen for part in ("--case", case)]
    return subprocess.run([sys.executable, f"{kit}/run.py", "--url", url, "--key", key, str(folder), *picked], check=False).returncode  # noqa: S603


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
