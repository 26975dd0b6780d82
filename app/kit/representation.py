"""What is sent of a record, and whether its reader has it already (RFC 9110, sections 8.8 and 13.1.2; RFC 9111)."""

import hashlib

from starlette.requests import Request
from starlette.responses import Response

READ_AGAIN = "private, no-cache"
"""A reader may keep what was read and must ask before it is shown again: whoever has lost access gets no 304."""
_VARY = "Authorization, Accept-Language"


def settled(request: Request, response: Response) -> Response:
    """The answer with its entity tag, or 304 (Not Modified) where its reader has just this.

    The tag is strong: the version that stands, if the record has one, then a digest of what is sent. So it changes with
    the language and with whatever is told of a record beside itself, and tells nothing that the answer does not.
    """
    version = response.headers.get("etag", "").strip('"')
    if not is_json(response) or not (version or request.method == "GET"):
        return response
    digest = hashlib.blake2b(bytes(response.body), digest_size=8).hexdigest()
    response.headers["etag"] = f'"{version}-{digest}"' if version else f'"{digest}"'
    if request.method != "GET":
        return response
    response.headers.setdefault("cache-control", READ_AGAIN)
    response.headers.add_vary_header(_VARY)
    known = _known(request.headers.get("if-none-match", ""), response.headers["etag"])
    if known is None:
        return response
    kept = {name: value for name, value in response.headers.items() if name not in ("content-length", "content-type")}
    return Response(status_code=304, headers={**kept, "etag": known})


def tags_in(if_none_match: str) -> list[str]:
    """The tags that a reader has, for a weak comparison (RFC 9110, section 8.8.3.2)."""
    return [one.strip().removeprefix("W/") for one in if_none_match.split(",")]


def encoded(tag: str) -> str:
    """The tag of the same under a content coding, which makes another representation of it."""
    return tag if tag.startswith("W/") else f'{tag[:-1]}{_CODED}"'


_CODED = "-gz"


def is_json(response: Response) -> bool:
    """Whether it is a success that says something in JSON."""
    return response.status_code in (200, 201, 202) and response.headers.get("content-type") == "application/json"


def _known(if_none_match: str, tag: str) -> str | None:
    """The tag under which the reader has it: compared weakly, as for reads, and whichever coding it came in."""
    said = tags_in(if_none_match)
    return next((one for one in said if one in (tag, encoded(tag))), tag if said == ["*"] else None)
