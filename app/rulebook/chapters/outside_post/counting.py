"""How many posts leaders may hold, for how many terms, and to what age (兼职个数、届数、年龄)."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any

from ...citation import cite
from ...dates import add_years, iso, written
from ...finding import Hit, Level, Remedy, Text, strongest
from ...rule import rule
from .matter import OutsidePost
from .wording import RESIGN, STATE_BIRTH, hit

_KEEP_FEWER = Remedy(
    "resign-from-posts-beyond-limit",
    Text(
        "请辞去超出个数的职务，并向组织（人事）部门提交辞职材料。",
        "Resign from the posts beyond that number and hand in proof of it to the organisation department.",
    ),
    None,
)


@rule(
    "post.count-term-age",
    56,
    title=Text("兼职个数、届数或者年龄超限", "Too many posts or terms, or past the age limit"),
    ban=9,
    basis=(
        cite("enterprise-posts", None, "2013-10-19", confidence="S", unsure="number"),
        cite("society-posts", None, "2014-06-25", who="social", confidence="S", unsure="number, day"),
    ),
    text=Text(
        "领导干部（含已离职、退休的）在外兼职不超过一个，连任不超过两届，任职年龄界限为七十周岁（生日当日在限内）；超过的列为违规疑点，"
        "多个兼职时间重叠的，列在后一个上。已离职、退休而出生日期未登记的，作提示。仅出借证书的不计。",
        "Leaders, those who left service included, may hold one outside post, for no more than two terms, and up to the 70th birthday, "
        "that day included. Beyond any of these it is a breach; of posts that overlap, the later one has the finding. A notice for those "
        "who left and whose day of birth is not on record. Certificates merely lent do not count.",
    ),
    limits=("post.posts-at-once", "post.terms", "post.age"),
)
def count_term_age(post: OutsidePost) -> Hit | None:
    """Any one of the three is enough; the message tells all that hold."""
    if not _limited(post):
        return None
    reasons = [reason for look in (_count, _terms, _age) for reason in look(post)]
    merged = strongest(reasons)
    if merged is None:
        return None
    told = [reason.message for reason in reasons if reason.level is merged.level]
    said = Text("".join(words.zh for words in told), " ".join(words.en for words in told))
    evidence = merged.evidence | post.limits_evidence(*count_term_age.limits)
    return replace(hit(post, merged.level, said, evidence, merged.remedy or RESIGN), missing=merged.missing)


def _limited(post: OutsidePost) -> bool:
    """Whether the post counts: a leader's own, in service or after leaving, and more than a certificate lent."""
    return post.own and post.person.is_leader and not post.certificate_only


def _count(post: OutsidePost) -> Iterator[Hit]:
    others = [other for other in post.history.earlier if isinstance(other, OutsidePost) and _limited(other)]
    beside = [other for other in others if post.window.meets(other.window.start, other.window.end)]
    allowed, together = post.limits["post.posts-at-once"], len(beside) + 1
    if together <= allowed:
        return
    first = min(other.details.from_on for other in beside)
    said = Text(
        f"任职期间另有{len(beside)}个兼职与之重叠（最早的自{written(first)}起），合计{together}个；领导干部兼职不得超过{allowed}个。",
        f"The time of the post overlaps that of {len(beside)} other outside {'post' if len(beside) == 1 else 'posts'}, the first since "
        f"{first}: {together} together; leaders may hold {allowed} at a time.",
    )
    evidence = {"posts_at_once": together, "other_posts": [_shown(other) for other in beside]}
    yield Hit(level=Level.BREACH, message=said, evidence=evidence, remedy=_KEEP_FEWER)


def _shown(other: OutsidePost) -> dict[str, Any]:
    stated = other.details
    return {"id": other.declared.id, "title": stated.title, "from_on": iso(stated.from_on), "until_on": iso(stated.until_on)}


def _terms(post: OutsidePost) -> Iterator[Hit]:
    number, allowed = post.details.term_number, post.limits["post.terms"]
    if number > allowed:
        said = Text(
            f"填报为第{number}届任期；连任不得超过{allowed}届。",
            f"It is stated to be term number {number}; no more than {allowed} are allowed.",
        )
        yield Hit(level=Level.BREACH, message=said, evidence={"term_number": number}, remedy=RESIGN)


def _age(post: OutsidePost) -> Iterator[Hit]:
    """The birthday itself is still within the limit, the day after it is not."""
    born, years = post.person.birth_on, post.limits["post.age"]
    if born is None:
        if post.person.left_on:
            yield _unknown_age(years)
        return
    last = add_years(born, years)
    if post.window.end > last:
        lasts = _lasts(post, last)
        said = Text(
            f"任职年龄界限为{years}周岁，本人于{written(last)}达到，{lasts.zh}。",
            f"Posts may be held up to the age of {years}, which is reached on {last}; {lasts.en}.",
        )
        yield Hit(level=Level.BREACH, message=said, evidence={"age_reached_on": iso(last)}, remedy=RESIGN)


def _lasts(post: OutsidePost, last: date) -> Text:
    begun, until = post.details.from_on, post.details.until_on
    if begun > last:
        return Text("任职在此之后开始", "the post begins after that day")
    if until:
        return Text(f"任职至{written(until)}", f"the post lasts until {until}")
    return Text("此后仍在任", "the post is held beyond that day")


def _unknown_age(years: int) -> Hit:
    said = Text(
        f"本人已离职或者退休，而出生日期未登记，无法核对{years}周岁的任职年龄界限。",
        f"The declarant has left service, and the day of birth is not on record, so that the age limit of {years} cannot be checked.",
    )
    return Hit(level=Level.NOTICE, message=said, missing=("birth_on",), remedy=STATE_BIRTH)
