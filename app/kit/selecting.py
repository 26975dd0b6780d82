"""Small answers: `fields=id,status,screening.outcome` leaves out of a JSON answer whatever it does not name, for slow networks and small screens."""

from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Any, TypeAlias

import msgspec
from pydantic import TypeAdapter
from pydantic.json_schema import DEFAULT_REF_TEMPLATE

from .errors import Fault, Words, invalid

PARAMETER = "fields"
LONGEST = 2_000
"""Characters that the query parameter may have."""

Wanted: TypeAlias = dict[str, "Wanted"]
"""Names to keep with what to keep below each; nothing below stands for all of it."""

_REF = DEFAULT_REF_TEMPLATE.format(model="")
_ALTERNATIVES = ("anyOf", "oneOf", "allOf")
_encoder, _decoder = msgspec.json.Encoder(), msgspec.json.Decoder()


class Selection:
    """What can be asked for of one kind of answer; of a list its items are asked, while what stands beside them stays."""

    def __init__(self, model: Any) -> None:
        self._model = model

    @cached_property
    def _schema(self) -> dict[str, Any]:
        """Made when somebody first asks: most answers are never cut."""
        return TypeAdapter(self._model).json_schema(mode="serialization")

    @cached_property
    def _listed(self) -> bool:
        return {"items", "next"} <= set(self._below([self._schema]))

    def wanted(self, text: str) -> Wanted:
        """The fields that a query parameter names.

        Raises:
            Problem: 422 naming each that there is not, and what there is.
        """
        if not text.strip() or len(text) > LONGEST:
            raise invalid([Fault(f"/query/{PARAMETER}", "fields-malformed", _MALFORMED)])
        wanted: Wanted = {}
        faults = []
        for path in dict.fromkeys(part.strip() for part in text.split(",")):
            fault = self._fault(path)
            if fault is not None:
                faults.append(fault)
            else:
                _add(wanted, path.split("."))
        if faults:
            raise invalid(faults)
        return {"items": wanted} if self._listed else wanted

    def cut(self, body: bytes, wanted: Wanted) -> bytes:
        """The answer with nothing but what is wanted, in its order."""
        content = _decoder.decode(body)
        if self._listed:
            return _encoder.encode({**content, "items": _kept(content["items"], wanted["items"])})
        return _encoder.encode(_kept(content, wanted))

    def _fault(self, path: str) -> Fault | None:
        nodes = [self._schema]
        if self._listed:
            nodes = self._below(nodes)["items"]
        for name in path.split("."):
            there = self._below(nodes)
            if name not in there and not self._open(nodes):
                names = ", ".join(sorted(there)) or "-"
                said = Words(f"没有字段“{path}”；此处可用：{names}。", f"There is no field {path}; here there are: {names}.")
                return Fault(f"/query/{PARAMETER}", "field-unknown", said)
            nodes = there.get(name, [])
        return None

    def _below(self, nodes: list[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
        """The fields of any of these schemas, each with what it may be."""
        found = dict[str, list[dict[str, Any]]]()
        for one in self._plain(nodes):
            for name, schema in one.get("properties", {}).items():
                found.setdefault(name, []).append(schema)
        return found

    def _open(self, nodes: list[dict[str, Any]]) -> bool:
        """Whether any name may stand here: in what is free JSON."""
        free = [one for one in self._plain(nodes) if "properties" not in one and one.get("type", "object") == "object"]
        return not nodes or bool(free)

    def _plain(self, nodes: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
        """The schemas without references, alternatives and lists around them."""
        for node in nodes:
            if "$ref" in node:
                yield from self._plain([self._schema["$defs"][node["$ref"].removeprefix(_REF)]])
            elif any(key in node for key in _ALTERNATIVES):
                yield from self._plain([one for key in _ALTERNATIVES for one in node.get(key, ())])
            elif "items" in node:
                yield from self._plain([node["items"]])
            else:
                yield node


def _add(wanted: Wanted, names: list[str]) -> None:
    """Whoever asks for a field and for a part of it gets all of it."""
    first, *rest = names
    if not rest:
        wanted[first] = {}
    elif wanted.get(first) != {}:
        _add(wanted.setdefault(first, {}), rest)


def _kept(value: Any, wanted: Mapping[str, Any]) -> Any:
    if isinstance(value, list):
        return [_kept(one, wanted) for one in value]
    if not isinstance(value, dict) or not wanted:
        return value
    return {name: _kept(one, wanted[name]) for name, one in value.items() if name in wanted}


_MALFORMED = Words(
    f"请填写以逗号分隔的字段名，如 id,status,screening.outcome，至多 {LONGEST} 个字符。",
    f"Name fields with commas between, as in id,status,screening.outcome, with at most {LONGEST} characters.",
)
