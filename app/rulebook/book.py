"""The book of law: loads the chapters, names its version by one digest, and judges."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from .chapter import Chapter, KindChapter
from .citation import Citation
from .facts import Circumstances, Declared, Facts
from .finding import GRANTED_APPROVAL, Finding, Hit, outcome
from .instruments import Instrument, read_instruments
from .lists import Ban, ListedConduct, read_lists
from .local import LocalLimits
from .matter import History, Matter
from .once import cached_property
from .parameters import Limit, NotInForceError, RulebookError
from .rule import Rule
from .statement import Details
from .totals import Total

HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Judgement:
    """What judging came to: the findings by rule number, and the matter with its history."""

    findings: tuple[Finding, ...]
    matter: Matter[Any]

    @property
    def outcome(self) -> str:
        """The highest level of all findings, confidential ones included."""
        return outcome(finding.level for finding in self.findings)


class Book:
    """All rules, limits and lists under one version.

    Raises:
        RulebookError: when a chapter cannot be read or contradicts itself; says the file and line.
    """

    def __init__(self, chapters: Iterable[Chapter]) -> None:
        self.chapters = tuple(chapters)
        self.kinds: Mapping[str, KindChapter] = {chapter.name: chapter for chapter in self.chapters if isinstance(chapter, KindChapter)}
        self.instruments: Mapping[str, Instrument] = read_instruments(HERE / "instruments.toml")
        self.limits: Mapping[str, Limit] = {limit.id: limit for chapter in self.chapters for limit in chapter.limits()}
        self.rules: Mapping[str, Rule] = _by_id(rule for chapter in self.chapters for rule in chapter.rules)
        self._seeing: Mapping[str, list[Chapter]] = {kind: self._chapters_that_see(kind) for kind in self.kinds}
        self._rules_on = {
            kind: sorted((rule for one in seeing for rule in one.rules), key=_number) for kind, seeing in self._seeing.items()
        }
        self.bans: tuple[Ban, ...]
        self.lists: Mapping[str, tuple[ListedConduct, ...]]
        self.bans, self.lists = read_lists(HERE / "lists.toml")
        self._check()

    @cached_property
    def digest(self) -> str:
        """SHA-256 over every file of the rulebook, hex: the same law has the same digest on every machine."""
        seal = hashlib.sha256()
        files = [path for path in HERE.rglob("*") if path.suffix in (".py", ".toml")]
        for path in sorted(files, key=lambda found: found.relative_to(HERE).as_posix()):
            content = path.read_bytes().replace(b"\r\n", b"\n")
            seal.update(f"{path.relative_to(HERE).as_posix()}\0{len(content)}\0".encode() + content)
        return seal.hexdigest()

    @property
    def version(self) -> str:
        """The short name of this state of the law: the first twelve digits of the digest."""
        return self.digest[:12]

    def version_with(self, local: LocalLimits) -> str:
        """The short name of the law with what units have published: twelve digits over both digests."""
        if not local:
            return self.version
        return hashlib.sha256(f"{self.digest} {local.digest}".encode()).hexdigest()[:12]

    def details(self, kind: str) -> type[Details]:
        """What must be stated for a kind."""
        return self.kinds[kind].details

    def judge(self, facts: Facts) -> Judgement:
        """Judge one declaration. Pure: the same facts give the same findings."""
        matter = self.matter(facts.declared, facts)
        of_group = [self.matter(declared, facts) for declared in facts.related if declared.same_group]
        others = [self.matter(declared, facts) for declared in facts.related if not declared.same_group]
        matter.history = History.around(matter, of_group, others, facts.duty_related_cny)
        return self.judge_each([matter])[0]

    def judge_each(self, matters: Sequence[Matter[Any]]) -> list[Judgement]:
        """Judge matters that have their histories, each by itself.

        Rule by rule, since a processor is quicker at one rule for many matters than at many rules for one.
        """
        found: list[list[Finding]] = [[] for _ in matters]
        for kind, rules in self._rules_on.items():
            of_kind = [(matter, found[place]) for place, matter in enumerate(matters) if matter.kind == kind]
            for rule in rules if of_kind else ():
                _ask(rule, of_kind)
        return [Judgement(self._standing(findings), matter) for matter, findings in zip(matters, found, strict=True)]

    def judge_otherwise(self, matter: Matter[Any], details: Details) -> Judgement:
        """What a matter that was judged would come to if other facts of it were stated, on the same days and of the same other side."""
        other = self.matter(replace(matter.declared, details=details), matter.circumstances)
        other.history = matter.history
        return self.judge_each([other])[0]

    def matter(self, declared: Declared, circumstances: Circumstances) -> Matter[Any]:
        """A declaration as its rules see it."""
        return self.kinds[declared.kind].matter(declared, circumstances, self.limits)

    def totals(self, matter: Matter[Any]) -> list[Total]:
        """The running sums that a matter adds to, against the limits of its day."""
        return [total for chapter in self._seeing[matter.kind] if chapter.totals for total in chapter.totals(matter)]

    def permitted_by(self, rule_id: str) -> list[str]:
        """The rules that a permitting rule switches off, wholly or for what it permits."""
        rule = self.rules[rule_id]
        return [other for other in (*rule.permits, *rule.spares) if other in self.rules]

    def silenced_by(self, rule_id: str) -> list[str]:
        """The permitting rules that switch a rule off, wholly or for what they permit."""
        return [other for other in self.rules if rule_id in self.permitted_by(other)]

    def title_of(self, instrument: str) -> str:
        """The title of an instrument of the book; a local one goes by its title alone."""
        known = self.instruments.get(instrument)
        return known.title if known else instrument

    def serving(self, ban: int) -> list[str]:
        """The rules that serve one of the eleven bans."""
        return [rule.id for rule in self.rules.values() if rule.ban == ban]

    def _standing(self, found: Sequence[Finding]) -> tuple[Finding, ...]:
        """Without those that a permitting rule among them switches off."""
        if not found:
            return ()
        switched_off = {rule for finding in found for rule in self.rules[finding.rule].permits}
        return tuple([finding for finding in found if finding.rule not in switched_off])

    def _chapters_that_see(self, kind: str) -> list[Chapter]:
        """The kind's own chapter, and those over every kind."""
        return [chapter for chapter in self.chapters if chapter.name == kind or not isinstance(chapter, KindChapter)]

    def _check(self) -> None:
        """What must hold between the files: every name that one uses stands in another."""
        for rule in self.rules.values():
            for limit in rule.limits:
                if limit not in self.limits:
                    raise RulebookError(f"rule {rule.id}: limit {limit} stands in no limits.toml")
            for citation in rule.basis:
                if citation.instrument not in self.instruments:
                    raise RulebookError(f"rule {rule.id}: instrument {citation.instrument} stands in no instruments.toml")
            if not rule.basis:
                raise RulebookError(f"rule {rule.id}: cites no instrument, so it can never fire")
        articles = [article for chapter in self.chapters if chapter.catalogue for article in chapter.catalogue()]
        for known in (*self.limits.values(), *articles):
            for value in known.values:
                if value.instrument not in self.instruments:
                    raise RulebookError(f"limit {known.id}: instrument {value.instrument} stands in no instruments.toml")


def _ask(rule: Rule, of_kind: Iterable[tuple[Matter[Any], list[Finding]]]) -> None:
    """Ask one rule of matters, each with what is found on it; a rule that asks for a limit which did not stand yet is silent."""
    judge = rule.judge
    for matter, found in of_kind:
        try:
            hit = judge(matter)
        except NotInForceError:
            continue
        if hit is not None and (finding := _finding(rule, hit, matter)):
            found.append(finding)


def _number(rule: Rule) -> int:
    return rule.number


def _finding(rule: Rule, hit: Hit, matter: Matter[Any]) -> Finding | None:
    """The rule's finding, or None when no row of its basis binds this person on that day."""
    basis = _basis(rule, hit, matter)
    if not basis:
        return None
    approval = matter.declared.approval
    evidence = hit.evidence if approval is None else hit.evidence | {GRANTED_APPROVAL: approval}
    return Finding(
        rule=rule.id, ban=rule.ban, level=hit.level, title=rule.title, message=hit.message, basis=basis, evidence=evidence,
        remedy=hit.remedy, missing_facts=hit.missing, confidential=rule.confidential,
    )  # fmt: skip


def _basis(rule: Rule, hit: Hit, matter: Matter[Any]) -> tuple[Citation, ...]:
    """The rows that bind this person on the day of conduct; where one does, also the local standards that the rule reads."""
    day, tags = hit.day or matter.window.end, matter.tags | hit.tags
    binding = tuple(citation for citation in rule.basis if citation.stands(day, tags))
    local = matter.limits.published(rule.limits) if binding and matter.limits.local else ()
    return binding if not local else binding + tuple(Citation(value.instrument, value.article, value.since) for value in local)


def _by_id(rules: Iterable[Rule]) -> dict[str, Rule]:
    found: dict[str, Rule] = {}
    for rule in rules:
        if rule.id in found:
            raise RulebookError(f"rule {rule.id} stands in two chapters")
        found[rule.id] = rule
    return found
