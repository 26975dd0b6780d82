"""The topics that can be subscribed to: the ledger's actions, who may be told of each, and where its subject is read.

What is not listed here is told to nobody: a new action stays inside until somebody has decided who may know of it.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from uuid import UUID

from app.access.caller import COMMISSION, OFFICES, Caller, Scope
from app.kit.errors import Words

PING = "webhook.ping"
"""The type of a test message; it stands in no ledger."""

_PEOPLE = (Scope.PEOPLE_READ, Scope.PEOPLE_WRITE, Scope.ADMIN)
_LAW = (Scope.RULEBOOK_WRITE, Scope.ADMIN)
_DECLARED = (*COMMISSION, Scope.ADMIN)
_REVIEWING = (Scope.REVIEWS_WRITE,)
_STAFFING = (Scope.REVIEWS_WRITE, Scope.ADMIN)
_AUDIT = (Scope.AUDIT_READ,)
_OPERATION = (Scope.ADMIN,)
_RELAYED = (Scope.NOTICES_RELAY, Scope.ADMIN)
_OWED = (*OFFICES, Scope.ADMIN)
_APPROVED = (*COMMISSION, Scope.PEOPLE_WRITE, Scope.ADMIN)
_RETURNED = (*COMMISSION, Scope.DECLARATIONS_FILE_FOR_OTHERS, Scope.ADMIN)


@dataclass(frozen=True, slots=True)
class Topic:
    """An action, who may be told of it, and whether it may come of an inquiry or of what the commission found by itself.

    Lines name no person, so that those about oneself cannot be left out; therefore such topics are for callers who speak for nobody.
    """

    action: str
    words: Words
    scopes: tuple[Scope, ...]
    confidential: bool = False

    @property
    def noun(self) -> str:
        """What sort of record the subject is."""
        return self.action.partition(".")[0]

    def link(self, subject: UUID) -> str | None:
        """Where the subject is read, below the register's address; nowhere once it is removed."""
        place = PLACES.get(self.noun)
        return None if place is None or self.action.endswith(".removed") else f"/v1/{place}/{subject}"


PLACES = {
    "declaration": "declarations",
    "person": "persons",
    "unit": "units",
    "delegation": "delegations",
    "counterparty": "counterparties",
    "clearance": "clearances",
    "approval": "approvals",
    "campaign": "campaigns",
    "obligation": "obligations",
    "nil-return": "nil-returns",
    "limit-draft": "limit-drafts",
    "exchange-rate": "exchange-rates",
    "api-key": "api-keys",
    "webhook": "webhooks",
    "notice": "notices",
    "reviewer": "reviewers",
    "finding": "findings",
    "review": "reviews",
    "snooze": "snoozes",
    "inquiry": "inquiries",
}
"""Where records of a sort are read; accesses, others' exports, devices and calendar links have no address of their own."""

_OPEN = (
    ("declaration.submitted", "申报已提交", "A declaration was filed", _DECLARED),
    ("declaration.amended", "申报已修改", "A declaration was amended", _DECLARED),
    ("declaration.withdrawn", "申报已撤回", "A declaration was withdrawn", _DECLARED),
    ("declaration.screened", "申报已核查", "A declaration was judged", _DECLARED),
    ("approval.requested", "事项已报批", "An approval was asked for", _APPROVED),
    ("approval.granted", "报批事项已批准", "An approval was granted", _APPROVED),
    ("approval.refused", "报批事项未批准", "An approval was refused", _APPROVED),
    ("approval.withdrawn", "报批申请已撤回", "A request for an approval was withdrawn", _APPROVED),
    ("approval.revoked", "批准已撤销", "An approval was revoked", _APPROVED),
    ("campaign.opened", "集中申报已开启", "A campaign was opened", _OWED),
    ("campaign.changed", "集中申报已更改", "A campaign was changed", _OWED),
    ("campaign.closed", "集中申报已关闭", "A campaign was closed", _OWED),
    ("obligation.opened", "应报事项已产生", "Somebody owes a report", _OWED),
    ("obligation.reminded", "应报事项临近截止", "A last day is near", _OWED),
    ("obligation.met", "应报事项已完成", "What was owed was done", _OWED),
    ("obligation.overdue", "应报事项已逾期", "A last day has passed", _OWED),
    ("obligation.reopened", "应报事项恢复待办", "Something is owed again", _OWED),
    ("obligation.moved", "应报事项随调动转移", "What is owed went along to another unit", _OWED),
    ("obligation.waived", "应报事项已豁免", "Somebody was let off", _OWED),
    ("obligation.voided", "应报事项已失效", "Something is owed no more", _OWED),
    ("nil-return.filed", "零报告已提交", "A nil return was filed", _RETURNED),
    ("nil-return.withdrawn", "零报告已撤回", "A nil return was withdrawn", _RETURNED),
    ("person.created", "人员已建档", "A person was put on record", _PEOPLE),
    ("person.changed", "人员档案已更改", "A person's record was changed", _PEOPLE),
    ("person.removed", "误建人员已删除", "A person entered by mistake was removed", _PEOPLE),
    ("unit.created", "单位已设立", "A unit was added", _PEOPLE),
    ("unit.changed", "单位已更改", "A unit was changed", _PEOPLE),
    ("unit.removed", "单位已删除", "A unit was removed", _PEOPLE),
    ("delegation.created", "代办授权已设立", "A delegation was made", _PEOPLE),
    ("delegation.ended", "代办授权已撤销", "A delegation was ended", _PEOPLE),
    ("counterparty.registered", "往来对象已登记", "A counterparty was registered", _PEOPLE),
    ("counterparty.changed", "往来对象已更改", "A counterparty was changed", _PEOPLE),
    ("counterparty.removed", "往来对象已删除", "A counterparty was removed", _PEOPLE),
    ("clearance.given", "廉政情况核实已答复", "A clearance was given", (*_PEOPLE, Scope.REVIEWS_WRITE)),
    ("limit-draft.created", "本地标准已起草", "A local limit was drafted", _LAW),
    ("limit-draft.discarded", "本地标准草案已放弃", "A draft of a local limit was given up", _LAW),
    ("limit-draft.published", "本地标准已发布", "A local limit was published", _LAW),
    ("exchange-rate.added", "汇率已登记", "An exchange rate was recorded", _LAW),
    ("reviewer.registered", "审查人员已登记", "A reviewer was registered", _STAFFING),
    ("reviewer.changed", "审查人员已更改", "A reviewer was changed", _STAFFING),
    ("reviewer.removed", "审查人员已移除", "A reviewer was removed", _STAFFING),
    ("notice.raised", "提醒已发出", "A notice was raised", _RELAYED),
    ("notice.read", "提醒已读", "Notices were marked as read", _RELAYED),
    ("device.registered", "设备已登记", "A device was registered", _OPERATION),
    ("device.changed", "设备已更改", "A device was changed", _OPERATION),
    ("device.removed", "设备已移除", "A device was removed", _OPERATION),
    ("calendar.created", "日程订阅已生成", "A calendar link was made", _OPERATION),
    ("calendar.removed", "日程订阅已失效", "A calendar link was ended", _OPERATION),
    ("api-key.created", "密钥已签发", "An API key was made", _OPERATION),
    ("api-key.revoked", "密钥已撤销", "An API key was revoked", _OPERATION),
    ("webhook.created", "推送已设立", "A webhook was made", _OPERATION),
    ("webhook.changed", "推送已更改", "A webhook was changed", _OPERATION),
    ("webhook.rotated", "推送密钥已更换", "A webhook's secret was rotated", _OPERATION),
    ("webhook.replayed", "推送已重放", "A webhook was set back", _OPERATION),
    ("webhook.pinged", "推送已测试", "A webhook was tested", _OPERATION),
    ("webhook.retried", "推送已重试", "A delivery was tried again by hand", _OPERATION),
    ("webhook.disabled", "推送已停用", "A webhook was disabled by the register", _OPERATION),
    ("webhook.removed", "推送已删除", "A webhook was removed", _OPERATION),
)
_CONFIDENTIAL = (
    ("finding.raised", "人工疑点已提出", "A finding was raised by hand", COMMISSION),
    ("finding.withdrawn", "人工疑点已撤销", "A finding raised by hand was withdrawn", COMMISSION),
    ("review.opened", "审查已立项", "A review was opened", _REVIEWING),
    ("review.findings-joined", "疑点已并入审查", "Findings joined a review", _REVIEWING),
    ("review.declaration-changed", "审查所涉申报已变更", "A declaration under review was changed", _REVIEWING),
    ("review.assigned", "审查已分派", "A review was assigned", _REVIEWING),
    ("review.requested", "已要求说明", "Facts were asked for", _REVIEWING),
    ("review.answered", "已作说明", "A request was answered", _REVIEWING),
    ("review.decided", "审查已处置", "A review was decided", _REVIEWING),
    ("review.reopened", "审查已重新办理", "A review was reopened", _REVIEWING),
    ("review.snoozed", "疑点已暂缓", "Findings of a review were snoozed", _REVIEWING),
    ("snooze.set", "暂缓已设立", "A snooze was set", _REVIEWING),
    ("snooze.ended", "暂缓已结束", "A snooze was ended", _REVIEWING),
    ("inquiry.opened", "核查已启动", "An inquiry was opened", _REVIEWING),
    ("inquiry.changed", "核查已更改", "An inquiry was changed", _REVIEWING),
    ("inquiry.removed", "核查已删除", "An inquiry entered by mistake was removed", _REVIEWING),
    ("counterparty.entered", "往来对象随申报录入", "A counterparty was entered with a declaration", COMMISSION),
    ("counterparty.identified", "往来对象的证件号码已补充", "A counterparty's identifier was added", COMMISSION),
    ("export.requested", "导出已请求", "An export was asked for", _AUDIT),
    ("export.completed", "导出已生成", "An export was made", _AUDIT),
    ("export.downloaded", "导出已下载", "An export was downloaded", _AUDIT),
    ("export.discarded", "导出已删除", "An export was discarded", _AUDIT),
    ("export.expired", "导出已到期", "An export expired", _AUDIT),
    ("export.failed", "导出失败", "An export failed", _AUDIT),
    ("import.requested", "导入已请求", "An import was asked for", _AUDIT),
    ("import.completed", "导入已完成", "An import was done", _AUDIT),
    ("import.cancelled", "导入已取消", "An import was cancelled", _AUDIT),
    ("import.discarded", "导入已删除", "An import was discarded", _AUDIT),
    ("import.failed", "导入失败", "An import failed", _AUDIT),
    ("record.read", "档案已被查阅", "Somebody's records were read", _AUDIT),
)

WITHHELD = frozenset(
    (
        *("declaration.drafted", "declaration.redrafted"),
        *(f"attachment.{done}" for done in ("added", "cleaned", "quarantined", "removed", "withdrawn")),
    )
)
"""Acts of which nobody is told: a draft is its declarant's alone, and so is what is attached to it."""

TOPICS: Mapping[str, Topic] = {
    topic.action: topic
    for topic in (
        *(Topic(action, Words(zh, en), scopes) for action, zh, en, scopes in _OPEN),
        *(Topic(action, Words(zh, en), scopes, confidential=True) for action, zh, en, scopes in _CONFIDENTIAL),
    )
}


@dataclass(frozen=True, slots=True)
class Rights:
    """What whoever made a webhook might be told: their scopes, and whether they spoke for nobody."""

    scopes: frozenset[Scope]
    impersonal: bool

    @classmethod
    def of(cls, caller: Caller) -> "Rights":
        """Those of a caller."""
        return cls(caller.scopes, caller.person is None)

    @property
    def as_commission(self) -> bool:
        """Whether what the commission alone may know is for them: which declarations it discovered, and what it was judged to in confidence."""
        return self.impersonal and not self.scopes.isdisjoint(COMMISSION)

    def cover(self, topic: Topic) -> bool:
        """Whether they may be told of an action."""
        return not self.scopes.isdisjoint(topic.scopes) and (self.impersonal or not topic.confidential)


def named_by(patterns: Iterable[str]) -> Iterator[Topic]:
    """The topics that patterns name: `declaration.submitted`, `declaration.*`, or `*` for all."""
    wanted = tuple(patterns)
    return (topic for topic in TOPICS.values() if not {topic.action, f"{topic.noun}.*", "*"}.isdisjoint(wanted))


def actions_for(patterns: Iterable[str], rights: Rights) -> list[str]:
    """The actions of which a webhook tells."""
    return [topic.action for topic in named_by(patterns) if rights.cover(topic)]
