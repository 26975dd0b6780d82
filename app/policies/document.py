"""The law as a document to read: every rule with its words, its dated basis, its limits and its worked cases, in Markdown."""

from collections.abc import Iterator, Mapping
from typing import Any

from app.rulebook.book import Book
from app.rulebook.chapter import Chapter
from app.rulebook.citation import Citation
from app.rulebook.lists import Ban
from app.rulebook.parameters import Limit
from app.rulebook.rule import Rule

_HEAD = """# The rulebook 规则全书

Written by `qinqing export-rulebook` from the law that judges, and never by hand.

每条规则给出的是疑点，不是结论。依据按行为当日有效的文本引用；标有“待核”的条款，其条号、日期或者文字尚未与原文核对。
A rule finds a suspicion, never a verdict. It cites what stood on the day of conduct; a row marked “to be confirmed” has a number, a day or a
wording that was not yet checked against the official text.

容错纠错：逾期之后登记、退还、上交、处置、报告、补办批准的，证据中以 `own_accord` 标明是否出于主动，即由本人或者单位申报，且办理时对本人的核查尚未开始
（早于该行为的核查不计）。该标记不改变等级，是否从轻由审查人员判断。
What was registered, handed over, disposed of, reported or approved late is marked `own_accord` in the evidence: true if the official or the unit declared it and it
was done before an inquiry was opened, one older than the conduct apart. The mark changes no level; a person weighs it.

“适用”一栏的标签须同时具备 All tags of a row must hold: `party` 中共党员 Party members, `nonparty` 非党员 others; `civil` 公务员、参公人员、法官、检察官、
证券监管人员 civil servants and the like; `soe` 国企管理人员 managers of state enterprises; `leader` 领导人员 leaders; `section+` 副科级以上, `bureau+` 副厅局级
以上 rank and above; `judge`, `prosecutor`, `securities` 法官、检察官、证券监管人员; `resigned`, `retired` 辞去公职、退休; `dr` 与职务有关 duty-related,
`other` 其他 not; `hmt` 港澳台 Hong Kong, Macao, Taiwan; `inservice` 在职 in service; `social`, `notsocial` 社会组织、其他单位 social organisations, others;
`reception` 公务接待 official receptions; `domestic`, `foreign` 国内、涉外赠送 gifts given at home, in foreign affairs; `vehicle` 使用公车 official vehicles;
`rate` 对照了讲课费标准 a lecture fee was compared; `inside` 内幕信息 inside information; `omitted`, `under` 未填报、少填报 not, or too little, reported.
"""


def written(book: Book) -> str:
    """The whole document."""
    parts = [_HEAD, *_bans(book)]
    for chapter in book.chapters:
        parts.append(f"## {chapter.title.zh} {chapter.title.en}\n")
        parts += [_rule(book, chapter, rule) for rule in sorted(chapter.rules, key=lambda rule: rule.number)]
    return "\n".join(parts).rstrip() + "\n"


def _bans(book: Book) -> Iterator[str]:
    yield "## 十一个不准 The eleven bans\n"
    yield "| | 不准 | ban | 规则 rules |\n|---|---|---|---|"
    yield from (_ban(book, ban) for ban in book.bans)
    yield ""


def _ban(book: Book, ban: Ban) -> str:
    return f"| {ban.number} | {ban.title} | {ban.title_en} | {_ids(book.serving(ban.number)) or '由人判断 for a person to judge'} |"


def _rule(book: Book, chapter: Chapter, rule: Rule) -> str:
    lines = [f"### R{rule.number:02} `{rule.id}` {rule.title.zh}\n", f"**{rule.title.en}**\n", f"{rule.text.zh}\n", f"{rule.text.en}\n"]
    lines += _notes(book, rule)
    lines += ["| 依据 basis | 条 article | 自 since | 至 until | 适用 binds | |", "|---|---|---|---|---|---|"]
    lines += [_citation(book, row) for row in rule.basis]
    lines += ["", *_limits(book, rule), *_cases(chapter, rule)]
    return "\n".join(lines)


def _notes(book: Book, rule: Rule) -> Iterator[str]:
    """What sets it apart, and how it stands to other rules."""
    if rule.confidential:
        yield "仅供纪检监察机关。For the commission alone.\n"
    if silent := book.permitted_by(rule.id):
        yield f"准许规则，由此不再提示 Permits, and so silences: {_ids(silent)}\n"
    if by := book.silenced_by(rule.id):
        yield f"可为以下准许规则排除 Silenced by: {_ids(by)}\n"


def _ids(rules: list[str]) -> str:
    return ", ".join(f"`{rule}`" for rule in rules)


def _citation(book: Book, row: Citation) -> str:
    stands = ("不论行为日 always", "") if row.always else (row.since.isoformat(), row.until.isoformat() if row.until else "")
    who, sure = " ".join(sorted(row.who)), "" if row.confirmed else "待核 to be confirmed"
    return f"| {book.instruments[row.instrument].title} | {row.article or '-'} | {stands[0]} | {stands[1]} | {who} | {sure} |"


def _limits(book: Book, rule: Rule) -> Iterator[str]:
    if not rule.limits:
        return
    yield "标准 Limits:\n"
    yield from (_limit(book, book.limits[limit]) for limit in rule.limits)
    yield ""


def _limit(book: Book, limit: Limit) -> str:
    values = "; ".join(
        f"{value.value} 自 since {value.since}（{book.instruments[value.instrument].title}{'' if value.article == '-' else ' ' + value.article}）"
        for value in limit.values
    )
    return f"- `{limit.id}` {limit.title_zh} {limit.title_en} [{limit.unit}]: {values}"


def _cases(chapter: Chapter, rule: Rule) -> Iterator[str]:
    yield "例案 Worked cases:\n"
    yield from (_case(rule, body) for body in chapter.cases_about(rule.id))
    yield ""


def _case(rule: Rule, body: Mapping[str, Any]) -> str:
    outcome = body.get("fires", {}).get(rule.id, "–")
    return f"- **{outcome}**: {body['title']}。{body['title_en']}."
