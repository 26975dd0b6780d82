"""Tables of units, persons and what happened to them."""

from sqlalchemy import Boolean, Column, Date, ForeignKey, Index, Integer, String, Table, Text, Uuid, text

from app.kit.searching import grams_index
from app.kit.tables import Instant, Json, id_column, metadata

unit = Table(
    "unit",
    metadata,
    id_column(),
    Column("name", String(200), nullable=False),
    Column("code", String(60), unique=True),
    Column("parent_id", Uuid, ForeignKey("unit.id"), index=True),
    Column("kind", String(30), nullable=False),
    Column("jurisdiction", Json, nullable=False),
    Column("head_id", Uuid, ForeignKey("person.id", use_alter=True), index=True),
    Column("external_id", String(200), index=True),
    Column("created_at", Instant, nullable=False),
    Column("changed_at", Instant),
    Column("version", Integer, nullable=False),
)
"""A unit (单位). `jurisdiction` are the sectors and areas that it supervises; `head_id` is the person who leads it and decides on what its
people ask for; `external_id` is what an HR system calls it."""

unit_ancestor = Table(
    "unit_ancestor",
    metadata,
    Column("unit_id", Uuid, ForeignKey("unit.id"), primary_key=True),
    Column("ancestor_id", Uuid, ForeignKey("unit.id"), primary_key=True),
    Column("distance", Integer, nullable=False),
    Index("ix_unit_ancestor_ancestor_id", "ancestor_id", "unit_id"),
)
"""The closure of the tree: every unit with itself, at distance 0, and all above it, so that a subtree is one join."""

person = Table(
    "person",
    metadata,
    id_column(),
    Column("employee_number", String(60), nullable=False, unique=True),
    Column("name", String(200), nullable=False),
    Column("search_text", Text, nullable=False, server_default=""),
    Column("unit_id", Uuid, ForeignKey("unit.id"), nullable=False),
    Column("position", String(200)),
    Column("party_member", Boolean, nullable=False),
    Column("staff_class", String(30), nullable=False),
    Column("rank", String(30), nullable=False),
    Column("is_leader", Boolean, nullable=False),
    Column("birth_on", Date),
    Column("prior_graft_sanction", Boolean, nullable=False, server_default=text("false")),
    Column("post_from_on", Date),
    Column("left_on", Date),
    Column("left_reason", String(30)),
    Column("inside_information", Json, nullable=False),
    Column("relatives", Json, nullable=False),
    Column("posts", Json, nullable=False),
    Column("external_id", String(200), index=True),
    Column("user_name", String(200), unique=True),
    Column("deprovisioned_at", Instant),
    Column("created_at", Instant, nullable=False),
    Column("changed_at", Instant),
    Column("version", Integer, nullable=False),
    Index("ix_person_unit_id", "unit_id", "id"),
    grams_index("person"),
)
"""An official (公职人员) as on record today; `posts` is the dated history of posts,
`search_text` the name as it is searched, `external_id` and `user_name` are what an
HR system calls the person, if otherwise than by the employee number. Whom that system has taken off has `deprovisioned_at`; the record stays."""

delegation = Table(
    "delegation",
    metadata,
    id_column(),
    Column("person_id", Uuid, ForeignKey("person.id"), nullable=False),
    Column("delegate_id", Uuid, ForeignKey("person.id"), nullable=False),
    Column("from_on", Date, nullable=False),
    Column("until_on", Date),
    Column("ended_at", Instant),
    Column("created_at", Instant, nullable=False),
    Column("created_by", String(300), nullable=False),
    Column("version", Integer, nullable=False),
    Index("ix_delegation_delegate_id", "delegate_id", "person_id"),
    Index("ix_delegation_person_id", "person_id"),
)
"""Who may file and read in whose name, from when until when (代办); one that was revoked has `ended_at` and counts no longer."""

_UNFOLLOWED = text("followed_at IS NULL")

personnel_event = Table(
    "personnel_event",
    metadata,
    id_column(),
    Column("person_id", Uuid, ForeignKey("person.id", ondelete="CASCADE"), nullable=False),
    Column("type", String(20), nullable=False),
    Column("on", Date, nullable=False),
    Column("before", Json),
    Column("after", Json, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("followed_at", Instant),
    Index("ix_personnel_event_person_id", "person_id", "id"),
    Index("ix_personnel_event_waiting", "id", sqlite_where=_UNFOLLOWED, postgresql_where=_UNFOLLOWED),
)
"""A personnel event (人事变动) with the post before and after; `followed_at` is empty until what follows from it is done."""
