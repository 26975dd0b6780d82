"""What can come of an attempt to deliver."""

from dataclasses import dataclass
from enum import StrEnum

AT_ONCE = 8
"""Messages under way to one endpoint."""


class Outcome(StrEnum):
    """What came of an attempt."""

    DELIVERED = "delivered"
    GONE = "gone"
    REDIRECTED = "redirected"
    REFUSED = "refused"
    TIMED_OUT = "timed_out"
    NOT_RESOLVED = "not_resolved"
    ADDRESS_REFUSED = "address_refused"
    NOT_CONNECTED = "not_connected"
    TLS_FAILED = "tls_failed"
    BROKEN_OFF = "broken_off"
    MALFORMED = "malformed"
    UNSENT = "unsent"


@dataclass(frozen=True, slots=True)
class Answer:
    """The outcome of an attempt, and the answer's status and Retry-After, if there was one."""

    outcome: Outcome
    milliseconds: int
    status: int | None = None
    retry_after: int = 0
