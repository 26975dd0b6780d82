"""Declarations, names and persons are found by an index of pairs of characters, names by their reading in pinyin too."""

from collections.abc import Iterable
from uuid import UUID

import sqlalchemy as sa
from alembic import op

from app.kit.searching import grams, sounding

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_GRAMS = """
CREATE FUNCTION grams(said text) RETURNS text[] LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT letters || ARRAY(SELECT one || next FROM unnest(letters, letters[2:]) AS pair(one, next) WHERE next IS NOT NULL)
    FROM (SELECT string_to_array(said, NULL) AS letters) AS said
$$
"""
_INDEXED = ("declaration", "counterparty_name", "person")
_NAMES = {"counterparty_name": (("counterparty_id", "name_key"), "name_key"), "person": (("id",), "name")}
"""The keys of each table of names, and the column with the name."""

_BATCH = 5_000

_declaration = sa.table("declaration", sa.column("id", sa.Uuid), sa.column("search_text", sa.Text), sa.column("client_reference", sa.String))
_gram = sa.table("declaration_gram", sa.column("gram", sa.String), sa.column("declaration_id", sa.Uuid))


def upgrade() -> None:
    """Forward. Each name is read aloud, and what clients call their declarations is found from now on.

    The default is for processes of the release before, which may still write names.
    """
    embedded = op.get_bind().dialect.name == "sqlite"
    for table, (keys, name) in _NAMES.items():
        op.add_column(table, sa.Column("search_text", sa.Text(), nullable=False, server_default=""))
        _read_aloud(table, keys, name)
    stated = sa.func.lower(_declaration.c.client_reference if embedded else sa.literal_column("normalize(client_reference, NFKC)"))
    op.execute(
        _declaration.update()
        .where(_declaration.c.client_reference.is_not(None))
        .values(search_text=_declaration.c.search_text + "\n" + stated)
    )
    if embedded:
        _index_by_rows()
    else:
        _index_by_function()


def downgrade() -> None:
    """Back."""
    if op.get_bind().dialect.name == "sqlite":
        op.drop_table("declaration_gram")
    else:
        op.drop_index("ix_counterparty_identifier", table_name="counterparty")
        op.create_index("ix_counterparty_identifier", "counterparty", ["identifier"])
        for table in _INDEXED:
            op.drop_index(f"ix_{table}_grams", table_name=table)
        op.execute("DROP FUNCTION grams(text)")
    for table in _NAMES:
        with op.batch_alter_table(table) as changed:
            changed.drop_column("search_text")


def _index_by_function() -> None:
    op.execute(_GRAMS)
    for table in _INDEXED:
        op.create_index(
            f"ix_{table}_grams", table, [sa.text("grams(search_text)")], postgresql_using="gin", postgresql_with={"gin_pending_list_limit": 256}
        )
    op.drop_index("ix_counterparty_identifier", table_name="counterparty")
    op.create_index("ix_counterparty_identifier", "counterparty", ["identifier"], postgresql_ops={"identifier": "varchar_pattern_ops"})


def _index_by_rows() -> None:
    """SQLite cannot tell how rare a pair is, but how many rows have it; sorted, so that the table is written from its beginning to its end."""
    op.create_table(
        "declaration_gram",
        sa.Column("gram", sa.String(length=2), nullable=False),
        sa.Column("declaration_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["declaration_id"], ["declaration.id"], name=op.f("fk_declaration_gram_declaration_id_declaration")),
        sa.PrimaryKeyConstraint("gram", "declaration_id", name=op.f("pk_declaration_gram")),
        sqlite_with_rowid=False,
    )
    connection, after = op.get_bind(), UUID(int=0)
    texts = sa.select(_declaration.c.id, _declaration.c.search_text).order_by(_declaration.c.id).limit(_BATCH)
    while batch := connection.execute(texts.where(_declaration.c.id > after)).all():
        connection.execute(_gram.insert(), sorted(_rows(batch), key=lambda row: row["gram"]))
        after = batch[-1].id


def _rows(batch: Iterable[sa.Row[tuple[UUID, str]]]) -> Iterable[dict[str, object]]:
    return ({"gram": gram, "declaration_id": key} for key, words in batch for gram in grams(words + "\n"))


def _read_aloud(table: str, keys: tuple[str, ...], name: str) -> None:
    named = sa.table(table, *(sa.column(key, sa.Uuid if key.endswith("id") else sa.String) for key in {*keys, name}), sa.column("search_text"))
    same = sa.and_(*(named.c[key] == sa.bindparam(f"of_{key}") for key in keys))
    change = sa.update(named).where(same).values(search_text=sa.bindparam("read", type_=sa.Text))
    connection = op.get_bind()
    rows = connection.execute(sa.select(*(named.c[key].label(f"of_{key}") for key in keys), named.c[name].label("called"))).mappings()
    while batch := rows.fetchmany(_BATCH):
        connection.execute(change, [{**{f"of_{key}": row[f"of_{key}"] for key in keys}, "read": sounding(row["called"])} for row in batch])
