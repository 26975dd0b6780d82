"""What entity tags say."""

import httpx


def version(answer: httpx.Response) -> int:
    """The version of the record that was read or left; what follows it in the tag is a digest of the answer."""
    number, _, _ = answer.headers["etag"].strip('"').partition("-")
    return int(number)
