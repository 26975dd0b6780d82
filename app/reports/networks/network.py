"""The network around a counterparty, an official or a unit: who declared something of whom, who owns whom, who stands how to which unit."""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import Table, select

from app.access.caller import Caller
from app.access.disclosure import Disclosure
from app.counterparties.models import counterparty, counterparty_relation
from app.kit.errors import Words
from app.kit.statements import one_of
from app.people.models import person, unit
from app.rulebook.book import Book

from ..filters import Conduct
from .graph import Graph
from .start import Start
from .walk import MOST_NODES, Found, Walk

_NOTICE = Words(
    f"关系过多，仅列出申报次数最多的部分（人员与往来对象合计至多 {MOST_NODES} 个）；请缩短日期范围，或自其中一人、一家查起。",
    f"There is more than can be drawn: of officials and counterparties the {MOST_NODES} declared of most often are shown. "
    "Narrow the days, or start from one of these.",
)
_BELONGS = Words("所在单位", "belongs to")
_OWNS = Words("出资或控制", "owns")


class Network:
    """What one caller may count around somebody: never what they declared themselves, nor what was discovered of them."""

    def __init__(self, view: Disclosure, book: Book, caller: Caller, *, english: bool) -> None:
        self.view = view
        self.connection = view.connection
        self.book = book
        self.caller = caller
        self.english = english

    async def graph(self, start: Start, days: Conduct, depth: int) -> Graph:
        """The graph, with what is to be said of it.

        Raises:
            Problem: 404 for whom the caller may not know of.
        """
        found, walk, graph = Found(), Walk(self.connection, self.caller, days), Graph()
        await walk.go(found, await start.take(self.connection, self.caller, found), depth)
        found.start(parties=await self._parents(found.parties))
        units = await walk.units(found.persons)
        places = {place for _, place in units} | ({start.id} if start.sort == "unit" else set())
        for table, ids in ((person, found.persons), (counterparty, found.parties), (unit, places)):
            await self._name(graph, table, ids)
        self.view.disclose((official, False) for official in found.persons)
        self._declared(graph, found)
        await self._owned(graph, found.parties)
        for official, place in units:
            graph.edges[official, place, "belongs_to"] = {"type": "belongs_to", "label": self._say(_BELONGS)}
        await self._related(graph, found.parties, places)
        graph.about = {"depth": depth, "truncated": found.truncated, "notice": self._say(_NOTICE) if found.truncated else None}
        return graph

    async def _parents(self, parties: set[UUID]) -> list[UUID]:
        """Who owns these directly and is not among them: that two belong to one is what a reader looks for."""
        rows = await self.connection.execute(select(counterparty.c.parents).where(one_of(counterparty.c.id, sorted(parties))))
        return sorted({UUID(parent) for row in rows for parent in row.parents} - parties)

    async def _name(self, graph: Graph, table: Table, ids: Iterable[UUID]) -> None:
        """Nodes with their names; a counterparty's with what sort of body it is."""
        sort = {"counterparty_type": counterparty.c.type} if table is counterparty else {}
        columns = [table.c.id, table.c.name, *(column.label(name) for name, column in sort.items())]
        asked = select(*columns).where(one_of(table.c.id, sorted(ids))).order_by(table.c.id)
        for row in (await self.connection.execute(asked)).mappings():
            graph.nodes[row["id"]] = {"type": str(table.name), "label": row["name"], **{name: row[name] for name in sort}}

    def _declared(self, graph: Graph, found: Found) -> None:
        for (official, party, kind), sums in found.ties.items():
            title = self.book.kinds[kind].title
            told = {"type": "declared", "label": title.en if self.english else title.zh, "kind": kind}
            graph.edges[official, party, f"declared:{kind}"] = told | sums.weight()

    async def _owned(self, graph: Graph, parties: set[UUID]) -> None:
        asked = select(counterparty.c.id, counterparty.c.parents).where(one_of(counterparty.c.id, sorted(parties)))
        for row in await self.connection.execute(asked.order_by(counterparty.c.id)):
            for owner in sorted(map(UUID, row.parents)):
                if owner in parties:
                    graph.edges[owner, row.id, "owns"] = {"type": "owns", "label": self._say(_OWNS)}

    async def _related(self, graph: Graph, parties: set[UUID], places: set[UUID]) -> None:
        """How the counterparties stand to the units in the graph, as the register has it."""
        row = counterparty_relation.c
        asked = select(row.counterparty_id, row.unit_id, row.relation, row.from_on, row.until_on)
        among = one_of(row.counterparty_id, sorted(parties)), one_of(row.unit_id, sorted(places))
        for one in await self.connection.execute(asked.where(*among).order_by(row.id)):
            told = {"type": "related", "label": one.relation, "first_on": one.from_on, "last_on": one.until_on}
            graph.edges[one.counterparty_id, one.unit_id, f"related:{one.relation}:{one.from_on or ''}"] = told

    def _say(self, words: Words) -> str:
        return words.en if self.english else words.zh
