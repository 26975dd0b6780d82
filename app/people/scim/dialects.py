"""What clients send otherwise than RFC 7644 has it, said as it has it: names in parts, the department for the unit, no word of being active.

Directories send these unasked (Microsoft Entra ID, Okta); the rest of their ways the library knows. Of the register's own
extensions an attribute that does not exist is refused: a misspelt one would be lost unseen, and with it what the law turns on.
"""

from collections.abc import Iterable
from typing import Any, Final

import msgspec
from scim2_models import InvalidPathException

from .resources import EnterpriseUser, OfficialUser, UnitGroup, User

_CORE, _OFFICIAL, _ENTERPRISE = (str(one.__schema__).casefold() for one in (User, OfficialUser, EnterpriseUser))
_OWN: Final = {
    str(extension.__schema__).casefold(): {extension._scim_name(name).casefold() for name in extension.model_fields}  # noqa: SLF001  # it has no other door
    for extension in (OfficialUser, UnitGroup)
}
_ELSEWHERE: Final = {
    "name.formatted": "displayName",
    f"{_ENTERPRISE}:department": f"{OfficialUser.__schema__}:unit",
}
"""Paths of what is read-only, and where it is written."""
_NOT_KEPT: Final = "nickName"
"""An attribute that the register does not have: what is written to it is let go."""


def understood(method: str, path: str, body: bytes) -> bytes:
    """The body of a request as the standard would have it; one that is no JSON object stays as it is.

    Raises:
        InvalidPathException: an attribute of the register's own extensions does not exist.
    """
    try:
        sent = msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        return body
    if not isinstance(sent, dict):
        return body
    if path.strip("/").casefold() == "bulk":
        for operation in _entries(sent, "Operations"):
            _say(str(_value(operation, "method")), str(_value(operation, "path")), _value(operation, "data"))
    else:
        _say(method, path, sent)
    return msgspec.json.encode(sent)


def _say(method: str, path: str, sent: Any) -> None:
    """Change what is sent for one resource into what was meant."""
    if not isinstance(sent, dict):
        return
    users = path.strip("/").partition("/")[0].casefold() in ("users", "me")
    if method.upper() == "PATCH":
        for operation in _entries(sent, "Operations"):
            _say_operation(operation, users=users)
    else:
        _refuse_unknown(sent)
        if users:
            _say_whole(sent, creating=method.upper() == "POST")


def _say_whole(sent: dict[str, Any], *, creating: bool) -> None:
    """A user that is sent as a whole."""
    name = _full_name(_value(sent, "name"))
    if name and not _value(sent, "displayName"):
        sent["displayName"] = name
    if creating and _value(sent, "active") is None:
        sent["active"] = True
    enterprise, official = _value(sent, _ENTERPRISE), _value(sent, _OFFICIAL)
    if not isinstance(enterprise, dict):
        return
    department = _value(enterprise, "department")
    if department and isinstance(official, dict) and not _value(official, "unit"):
        official["unit"] = department


def _say_operation(operation: dict[str, Any], *, users: bool) -> None:
    """One operation of a PATCH."""
    path, value = _value(operation, "path"), _value(operation, "value")
    if not isinstance(path, str) or not path:
        if isinstance(value, dict):
            _refuse_unknown(value)
            _set(operation, "value", _said_at_once(value) if users else value)
        return
    asked = path.casefold().removeprefix(f"{_CORE}:") if users else path.casefold()
    _refuse_unknown_path(asked, value)
    if asked == "members" and isinstance(value, list):
        _set(
            operation,
            "value",
            [{"value": _value(one, "value")} if isinstance(one, dict) and _value(one, "value") else one for one in value],
        )
    if not users:
        return
    if asked == _ENTERPRISE and isinstance(value, dict):
        operation.pop(str(_key(operation, "path")))
        _set(operation, "value", _said_at_once({_ENTERPRISE: value}))
    elif asked in _ELSEWHERE:
        _set(operation, "path", _ELSEWHERE[asked])
    elif asked == "name" and _full_name(value):
        operation.update({str(_key(operation, "path")): "displayName", str(_key(operation, "value")): _full_name(value)})
    elif asked == "name" or asked.startswith("name."):
        _set(operation, "path", _NOT_KEPT)


def _said_at_once(value: dict[str, Any]) -> dict[str, Any]:
    """The attributes that an operation without a path writes; what is written elsewhere yields to what is sent for that place."""
    elsewhere: dict[str, Any] = {}
    here: dict[str, Any] = {}
    for key, sent in value.items():
        asked = key.casefold().removeprefix(f"{_CORE}:")
        if asked == _ENTERPRISE and isinstance(sent, dict):
            for name, one in sent.items():
                place = _ELSEWHERE.get(f"{asked}:{name.casefold()}")
                (elsewhere if place else here)[place or f"{EnterpriseUser.__schema__}:{name}"] = one
        elif asked in _ELSEWHERE:
            elsewhere[_ELSEWHERE[asked]] = sent
        elif asked == "name" and _full_name(sent):
            elsewhere["displayName"] = _full_name(sent)
        elif asked not in ("name", "groups") and not asked.startswith("name."):
            here[key] = sent
    return {**{key: one for key, one in elsewhere.items() if _key(here, key) is None}, **here}


def _full_name(name: Any) -> str:
    """A name in parts as one: Chinese names the family first and unparted."""
    if not isinstance(name, dict):
        return ""
    formatted, family, given = (str(_value(name, part) or "").strip() for part in ("formatted", "familyName", "givenName"))
    if formatted:
        return formatted
    return f"{given} {family}".strip() if family.isascii() else family + given


def _refuse_unknown(sent: dict[str, Any]) -> None:
    for key, value in sent.items():
        _refuse_unknown_path(key.casefold(), value)


def _refuse_unknown_path(asked: str, value: Any) -> None:
    for urn, known in _OWN.items():
        names: Iterable[str] = ()
        if asked == urn and isinstance(value, dict):
            names = (name.casefold() for name in value)
        elif asked.startswith(f"{urn}:"):
            names = (asked.removeprefix(f"{urn}:").partition(".")[0].partition("[")[0],)
        if not known.issuperset(names):
            raise InvalidPathException(detail=_UNKNOWN)


def _entries(sent: dict[str, Any], name: str) -> list[dict[str, Any]]:
    """The objects of an array."""
    entries = _value(sent, name)
    return [one for one in entries if isinstance(one, dict)] if isinstance(entries, list) else []


def _key(sent: dict[str, Any], name: str) -> str | None:
    """The name of an attribute as it was written: case does not count (RFC 7643, section 2.1)."""
    return next((key for key in sent if key.casefold() == name.casefold()), None)


def _value(sent: dict[str, Any], name: str) -> Any:
    key = _key(sent, name)
    return None if key is None else sent[key]


def _set(sent: dict[str, Any], name: str, value: Any) -> None:
    sent[_key(sent, name) or name] = value


_UNKNOWN = (
    "qinqing 扩展中没有这个属性，请对照 /Schemas 核对拼写。No such attribute in the qinqing extension; compare the spelling with /Schemas."
)
