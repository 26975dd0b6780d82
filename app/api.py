"""Every router, in reading order, and the words that introduce them."""

from functools import cache

from fastapi import APIRouter, Depends, FastAPI
from fastapi.routing import APIRoute
from starlette.routing import BaseRoute

from app.access.dependencies import authenticate
from app.access.endpoints import router as api_keys
from app.approvals.endpoints import router as approvals
from app.attachments.endpoints import router as attachments
from app.attachments.uploading.endpoints import router as uploads
from app.audit.endpoints import accesses_router as accesses
from app.audit.endpoints import router as ledger
from app.batches.endpoints import router as batches
from app.calendars.endpoints import feed_router as calendars
from app.calendars.endpoints import mine_router as my_calendar
from app.changes.endpoints import router as changes
from app.clearances.endpoints import router as clearances
from app.counterparties.endpoints import router as counterparties
from app.exports.endpoints import router as exports
from app.imports.endpoints import router as imports
from app.intake.endpoints import approvals_router as asked_approvals
from app.intake.endpoints import router as intake
from app.kit.door import asked_well
from app.notices.endpoints import mine_router as my_notices
from app.notices.endpoints import router as notices
from app.obligations.endpoints import campaigns_router as campaigns
from app.obligations.endpoints import mine_router as my_obligations
from app.obligations.endpoints import nil_returns_router as nil_returns
from app.obligations.endpoints import obligations_router as obligations
from app.obligations.endpoints import yearly_router as yearly_reports
from app.operation.endpoints import router as operation
from app.people.endpoints import delegations_router as delegations
from app.people.endpoints import persons_router as persons
from app.people.endpoints import units_router as units
from app.people.scim.endpoints import router as scim
from app.policies.endpoints import drafts_router as limit_drafts
from app.policies.endpoints import router as rulebook
from app.reports.endpoints import findings_router as findings
from app.reports.endpoints import ledger_router as proofs
from app.reports.endpoints import router as declarations
from app.reports.endpoints import statistics_router as statistics
from app.reports.me import router as me
from app.reports.networks.endpoints import exposure_router as exposure
from app.reports.networks.endpoints import network_router as network
from app.reports.patterns.endpoints import router as patterns
from app.reviews.endpoints import reviewers_router as reviewers
from app.reviews.endpoints import reviews_router as reviews
from app.reviews.endpoints import router as raised_findings
from app.reviews.endpoints import snoozes_router as snoozes
from app.screening.endpoints import drafts_router as trials
from app.screening.endpoints import inquiries_router as inquiries
from app.screening.endpoints import rates_router as exchange_rates
from app.webhooks.endpoints import router as webhooks

DESCRIPTION = """\
公职人员就礼品、宴请、活动、借贷、家庭事件、持股、兼职等事项提出申报；每份申报即时对照党规国法逐条核查，
列明依据、证据和下一步。核查结果仅为**疑点提示**，不是结论。

Officials declare gifts, meals, activities, loans, family events, shareholdings and outside posts. Each declaration is held
against the law at once; every finding names its basis, its evidence and the next step. A finding is a **suspicion**, never a verdict.

- **身份 Callers**：`Authorization: Bearer <密钥或令牌>`；API 密钥以 `qq_` 开头，亦可用所配置 OIDC 签发的 JWT。An API key or a token of the configured issuer.
- **错误 Errors**：RFC 9457 `application/problem+json`；默认中文，`Accept-Language: en` 返回英文。Chinese unless English is asked for.
- **并发 Concurrency**：可变记录带强 `ETag`；PATCH、DELETE 及状态变更须带 `If-Match`。Changes need `If-Match`: 428 without, 412 when stale.
- **重发 Retries**：POST 可带 `Idempotency-Key`，同键同文七日内得到同一答复。The same request with the same key gets the same answer for 7 days.
- **查询 Queries**：拼写有误或重复的查询参数以 422 退回，不作忽略。A misspelt or repeated query parameter is refused, not ignored.
- **查阅留痕 Access log**：查阅他人档案先留痕后答复，本人可见（`/v1/me/accesses`）。Who reads others' records is written down first; they see it.
- **精简 Small answers**：`fields=id,status` 只取所需字段；`If-None-Match` 未变答 304；支持 gzip。Ask for some fields, for what has changed, compressed.
- **分页 Pages**：`limit`、`after`；下一页见 `next` 与 `Link`。Keyset pages, newest first; no total unless `count=true`.
- **金额与日期 Money and days**：`{"amount": "1888.00", "currency": "CNY"}`；日期为北京时间 `YYYY-MM-DD`。Decimal strings; days in Asia/Shanghai.
"""

TAGS = [
    {"name": "me", "description": "当前调用者。Who the caller is and what is theirs."},
    {"name": "declarations", "description": "申报的提交、修改、撤回、预核与查询。Declarations: file, amend, withdraw, preview, read."},
    {
        "name": "attachments",
        "description": "附件：照片与票据，去除位置等信息后保存。Attachments: photos and receipts, kept without what tells of place and device.",
    },
    {"name": "uploads", "description": "断点续传附件（tus 1.0.0）。Attachments in parts over bad networks, by tus 1.0.0."},
    {"name": "statistics", "description": "统计。Declarations and findings, counted."},
    {"name": "networks", "description": "往来集中度与关系网络。Who declared something of whom: exposure and networks."},
    {
        "name": "patterns",
        "description": "比对多份申报所见的线索，不是结论。What shows when declarations are laid side by side: leads, no verdicts.",
    },
    {
        "name": "findings",
        "description": "疑点的查询，以及由人提出、撤销。疑点不是结论。Findings: read, raise by hand, withdraw. A suspicion, never a verdict.",
    },
    {
        "name": "reviews",
        "description": "审查：立项、分派、询问与答复、处置、重新办理；暂缓。Reviews: opened, assigned, asked and answered, decided, reopened.",
    },
    {
        "name": "reviewers",
        "description": "审查人员：负责哪些单位，何时离岗。Who reviews the affairs of which units, and when they are away.",
    },
    {
        "name": "campaigns",
        "description": "集中申报：哪些类别、何期间、何时截止、何人应报。Campaigns: which kinds of which period are due by when, and from whom.",
    },
    {
        "name": "obligations",
        "description": "应报事项：谁应于何时前报告，完成、逾期与豁免。Obligations: who owes what by when; done, overdue, waived.",
    },
    {"name": "nil-returns", "description": "零报告：确无应报事项。Nil returns: that there is nothing to declare."},
    {
        "name": "offline",
        "description": "离线客户端：批量补报与增量同步。For devices without a network at times: batches of acts, and what has changed since.",
    },
    {
        "name": "approvals",
        "description": "事前报批：先评估、后决定，批准的事项判定时自动采信。Approvals beforehand: asked for, decided by the unit's head or HR, and read by the rules.",
    },
    {
        "name": "exports",
        "description": "导出：在后台生成，可续传下载，到期删除。Declarations and findings as files, made in the background.",
    },
    {
        "name": "imports",
        "description": "批量导入：人员、单位、往来对象与申报的表格，逐行核对，可试运行。People, units, counterparties and declarations from files, row by row.",
    },
    {
        "name": "clearances",
        "description": "廉政情况核实：可以、附条件或者暂不宜，不含内容。Clearances for HR and procurement: yes, no or on conditions, never content.",
    },
    {"name": "persons", "description": "公职人员档案。Officials on record."},
    {"name": "units", "description": "单位及其隶属。Units and their tree."},
    {"name": "delegations", "description": "代办授权。Who may file in whose name."},
    {
        "name": "scim",
        "description": "SCIM 2.0（RFC 7643、7644）：人事系统推送人员与单位。SCIM 2.0: HR systems push persons and units.",
    },
    {
        "name": "counterparties",
        "description": "往来对象：赠与人、企业及其股权与管理服务关系。Givers, companies, owners, and how they stand to units.",
    },
    {"name": "inquiries", "description": "核查事项，仅纪检监察机构可见。Inquiries, confidential to the commission."},
    {"name": "rulebook", "description": "规则、依据、限额、三张清单与汇率。Rules, their basis, limits, the three lists, exchange rates."},
    {
        "name": "limit-drafts",
        "description": "本地标准：起草、影响评估、由另一人发布、重新筛查。Local limits: drafted, tried on history, published by a second person.",
    },
    {
        "name": "ledger",
        "description": "台账：每次写入留下一条记录，封存于签名的 Merkle 树，可以证明未被更改。The ledger: a line for each write, sealed in a signed tree.",
    },
    {
        "name": "accesses",
        "description": "查阅记录：谁在何时查阅了谁的档案；本人的见 /v1/me/accesses。The access log: who was shown whose records, and when.",
    },
    {
        "name": "webhooks",
        "description": "推送：登记册中的事项以签名消息通知其他系统，只含编号与地址。Webhooks: other systems are told by signed messages of ids and addresses alone.",
    },
    {
        "name": "notices",
        "description": "供推送网关读取的提醒；本人的见 /v1/me/notices。Notices for a push gateway; one's own are at /v1/me/notices.",
    },
    {"name": "calendars", "description": "日程订阅（RFC 5545），凭地址读取。Calendars to subscribe to, by their secret address."},
    {"name": "api-keys", "description": "密钥。API keys."},
    {"name": "operation", "description": "运行状态。Is it alive, is it ready?"},
]

ROOMS = (
    me,
    my_obligations,
    my_notices,
    my_calendar,
    intake,
    declarations,
    attachments,
    uploads,
    statistics,
    exposure,
    network,
    patterns,
    raised_findings,
    findings,
    reviews,
    reviewers,
    snoozes,
    campaigns,
    yearly_reports,
    obligations,
    nil_returns,
    batches,
    changes,
    asked_approvals,
    approvals,
    clearances,
    exports,
    imports,
    persons,
    units,
    delegations,
    scim,
    counterparties,
    inquiries,
    exchange_rates,
    rulebook,
    limit_drafts,
    trials,
    ledger,
    proofs,
    accesses,
    webhooks,
    notices,
    api_keys,
)


def open_doors(app: FastAPI) -> None:
    """Every router on the application itself: one that gathers them would have each of their routes put together twice at every start."""
    app.router.routes.extend(_doors())


@cache
def _doors() -> list[BaseRoute]:
    """Put together once in a process: they know no application, and it takes most of the time that making one takes."""
    gathered = APIRouter(generate_unique_id_function=named_as_written)
    gathered.include_router(operation, dependencies=[Depends(asked_well)])
    gathered.include_router(calendars, dependencies=[Depends(asked_well)])  # which the secret in its address guards
    for room in ROOMS:
        gathered.include_router(room, dependencies=[Depends(authenticate), Depends(asked_well)])  # in this order
    return gathered.routes


def named_as_written(route: APIRoute) -> str:
    """An operation is called as its function is."""
    return route.name
