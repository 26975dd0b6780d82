"""How lists are asked for: in which order, and with which facets."""

from enum import StrEnum
from typing import Annotated

from fastapi import Depends, Query

from app.kit.errors import Fault, Words, invalid
from app.kit.pages import Count, Limit, OrderedPage, Page, PlaceCursor, asked_page, position

from .facets import Facet
from .filters import NOT_KEPT
from .moments import AskedInstant
from .sorting import DeclarationSort, FindingSort, value_reader


async def _declarations_page(
    as_at: AskedInstant,
    limit: Limit = 50,
    after: PlaceCursor = None,
    *,
    count: Count = False,
    sort: Annotated[
        DeclarationSort,
        Query(
            description="排序：提交先后、级别、已知价值（人民币，不详者视为最低）、行为首日；前加 - 为由高到低、由近及远。"
            "By age of the record, level, known worth (unknown is lowest) or first day of conduct; `-` is from the highest, or latest, down."
        ),
    ] = DeclarationSort.FILED_DOWN,
) -> Page | OrderedPage:
    if as_at is not None and sort is not DeclarationSort.FILED_DOWN:
        raise invalid([Fault("/query/sort", *NOT_KEPT)])
    return await asked_page(limit, after, count=count) if sort is DeclarationSort.FILED_DOWN else _ordered(limit, after, sort, count=count)


async def _findings_page(
    limit: Limit = 50,
    after: PlaceCursor = None,
    *,
    count: Count = False,
    sort: Annotated[
        FindingSort,
        Query(
            description="排序：产生先后、级别、行为首日；前加 - 为由高到低、由近及远。"
            "By age of the finding, level or first day of conduct; `-` is from the highest, or latest, down."
        ),
    ] = FindingSort.RAISED_DOWN,
) -> Page | OrderedPage:
    return await asked_page(limit, after, count=count) if sort is FindingSort.RAISED_DOWN else _ordered(limit, after, sort, count=count)


def _ordered(limit: int, after: str | None, sort: StrEnum, *, count: bool) -> OrderedPage:
    return OrderedPage(limit, position(after, sort, value_reader(sort)), count, sort)


async def _facets(
    facets: Annotated[
        str | None,
        Query(
            max_length=100,
            examples=["kind,level"],
            description="另行统计的分面，以逗号分隔：kind、status、level、unit、rule、ban、year。"
            "What to count beside the list, with commas between: kind, status, level, unit, rule, ban, year.",
        ),
    ] = None,
) -> list[Facet]:
    named = [] if facets is None else facets.split(",")
    if not set(named) <= {*Facet}:
        known = ", ".join(Facet)
        words = Words(f"须为以下各项，以逗号分隔：{known}。", f"Must be some of these, with commas between: {known}.")
        raise invalid([Fault("/query/facets", "enum", words)])
    return [Facet(name) for name in dict.fromkeys(named)]


AskedFacets = Annotated[list[Facet], Depends(_facets)]
AskedDeclarations = Annotated[Page | OrderedPage, Depends(_declarations_page)]
AskedFindings = Annotated[Page | OrderedPage, Depends(_findings_page)]
