"""Batches as they go in and out: one named shape an act, picked by `act`, with the body that its own door takes."""

from typing import Annotated, Any, Literal, TypeAlias
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, ValidationError, ValidatorFunctionWrapHandler, WrapValidator
from typing_extensions import TypeAliasType

from app.declarations.capture import CapturedAt, DeviceInstant
from app.declarations.schemas import DeclarationChange, DeclarationIn, DeclarationOut, Submission, Withdrawal
from app.kit.problems import ProblemOut
from app.obligations.schemas import NilReturnIn, NilReturnOut, NilReturnWithdrawal
from app.reviews.review_schemas import AnswerIn, ReviewRecordOut

MOST_ACTS = 100

_KEY = "^[ -~]+$"

Key = Annotated[str, Field(min_length=1, max_length=255, pattern=_KEY)]
IfMatch = Annotated[
    str | None,
    Field(
        max_length=200,
        description='所据版本的 ETag，如 "3"；与 after 二者填一。The ETag that the act starts from; give this or `after`.',
        examples=['"3"'],
    ),
]
After = Annotated[
    Key | None,
    Field(
        description="以本客户端此前某一行为（其 key）之后的内容为所据：其间他人未改动的即可；亦可代替 declaration。"
        "The key of an act of the same client whose result is the base: what it left still stands. It names the record, too.",
        examples=["f3b1c7a0-0001"],
    ),
]
Declared = Annotated[
    UUID | None,
    Field(
        description="申报的 id 或 client_id；填写 after 的可省略。The declaration's id or client_id; may be left out with `after`.",
        examples=["9f0c2f5e-3d0b-4c52-9a7e-0d8a2f6b1c11"],
    ),
]


class _Act(BaseModel):
    """What every act carries."""

    model_config = ConfigDict(extra="forbid")

    key: Key = Field(
        description="客户端为此行为自拟的幂等键；重发时保持不变。The act's idempotency key, made by the client and kept when it is sent again.",
        examples=["f3b1c7a0-0001"],
    )
    captured_at: CapturedAt = None


class FileAct(_Act):
    """提交申报或保存草稿。File a declaration, or keep a draft, as `POST /v1/declarations`."""

    act: Literal["file"] = Field(description="行为。The act.", examples=["file"])
    body: DeclarationIn = Field(description="申报。The declaration.")


class AmendAct(_Act):
    """修改申报。Amend a declaration, as `PATCH /v1/declarations/{id}`."""

    act: Literal["amend"] = Field(description="行为。The act.", examples=["amend"])
    declaration: Declared = None
    if_match: IfMatch = None
    after: After = None
    body: DeclarationChange = Field(description="更改的字段。The fields that change.")


class SubmitAct(_Act):
    """提交草稿。Submit a draft, as `POST /v1/declarations/{id}/submission`."""

    act: Literal["submit"] = Field(description="行为。The act.", examples=["submit"])
    declaration: Declared = None
    if_match: IfMatch = None
    after: After = None
    body: Submission | None = Field(default=None, description="可省略。May be left out.")


class WithdrawAct(_Act):
    """撤回申报。Withdraw a declaration, as `POST /v1/declarations/{id}/withdrawal`."""

    act: Literal["withdraw"] = Field(description="行为。The act.", examples=["withdraw"])
    declaration: Declared = None
    if_match: IfMatch = None
    after: After = None
    body: Withdrawal = Field(description="撤回理由。The reason.")


class NilReturnAct(_Act):
    """零报告。File a nil return, as `POST /v1/nil-returns`."""

    act: Literal["nil_return"] = Field(description="行为。The act.", examples=["nil_return"])
    body: NilReturnIn = Field(description="零报告。The nil return.")


class WithdrawNilReturnAct(_Act):
    """撤回零报告。Withdraw a nil return, as `POST /v1/nil-returns/{id}/withdrawal`."""

    act: Literal["withdraw_nil_return"] = Field(description="行为。The act.", examples=["withdraw_nil_return"])
    nil_return: UUID | None = Field(
        default=None,
        description="零报告的 id；填写 after 的可省略。The nil return's id; may be left out with `after`.",
        examples=["01939c7a-0000-7000-8000-000000000000"],
    )
    if_match: IfMatch = None
    after: After = None
    body: NilReturnWithdrawal = Field(description="撤回理由。The reason.")


class AnswerRequestAct(_Act):
    """答复审查人员的询问。Answer a reviewer's request, as `POST /v1/reviews/{id}/answer`."""

    act: Literal["answer_request"] = Field(description="行为。The act.", examples=["answer_request"])
    review: UUID = Field(description="审查的 id。The review's id.", examples=["01939c7a-0000-7000-8000-000000000000"])
    if_match: IfMatch = None
    body: AnswerIn = Field(description="答复。The answer.")


DeclarationAct: TypeAlias = AmendAct | SubmitAct | WithdrawAct
"""The acts on a declaration that is there."""

BatchAct = TypeAliasType(
    "BatchAct",
    Annotated[
        FileAct | AmendAct | SubmitAct | WithdrawAct | NilReturnAct | WithdrawNilReturnAct | AnswerRequestAct,
        Field(discriminator="act", description="一项行为。One act."),
    ],
)


class UnreadableAct:
    """An act that is not valid: it is answered by itself and does not keep the others from being done."""

    def __init__(self, given: dict[str, Any], error: ValidationError) -> None:
        self.key: str = given["key"]
        self.given = given
        self.errors = error.errors(include_input=False, include_url=False)


def _or_unreadable(given: Any, handler: ValidatorFunctionWrapHandler) -> Any:
    """An act without a key cannot be answered, and the batch is refused; any other fault is the act's own."""
    try:
        return handler(given)
    except ValidationError as error:
        key = given.get("key") if isinstance(given, dict) else None
        if not isinstance(key, str) or not 1 <= len(key) <= 255 or not key.isascii() or not key.isprintable():
            raise
        return UnreadableAct(given, error)


class BatchIn(BaseModel):
    """Acts in the order in which they were done."""

    model_config = ConfigDict(extra="forbid")

    sent_at: DeviceInstant | None = Field(
        default=None,
        description="设备发送时其时钟所示的时刻，用以校正各 captured_at。What the device's clock says on sending, by which each `captured_at` is put right.",
        examples=["2026-11-28T08:00:00Z"],
    )
    acts: Annotated[list[Annotated[BatchAct, WrapValidator(_or_unreadable)]], Field(min_length=1, max_length=MOST_ACTS)] = Field(
        description="行为，依次办理，至多 100 项。The acts, done one after the other, up to 100.",
        examples=[[{"key": "f3b1c7a0-0002", "act": "submit", "after": "f3b1c7a0-0001"}]],
    )


class _ResultOut(BaseModel):
    """What every result tells."""

    key: str = Field(description="该行为的幂等键。The act's key.", examples=["f3b1c7a0-0001"])
    status: int = Field(description="单独请求时的状态码。The status that its own door would have answered.", examples=[201])
    replayed: bool = Field(
        description="为真时系此前已办理，此为当时的答复。True where it was done before, and this is the answer of then.", examples=[False]
    )
    etag: str | None = Field(description="办理后的 ETag；未办成则空。The ETag that it left, if it was done.", examples=['"1"'])
    location: str | None = Field(
        description="地址。Where the record is read.", examples=["/v1/declarations/01939c7a-0000-7000-8000-000000000000"]
    )
    problem: ProblemOut | None = Field(description="未办成的原因。Why it was not done; null where it was.")


class _DeclarationActOut(_ResultOut):
    body: DeclarationOut | None = Field(description="申报。The declaration; null where the act was not done.")


class FileActOut(_DeclarationActOut):
    """提交申报的结果。What became of a filing."""

    act: Literal["file"] = Field(description="行为。The act.", examples=["file"])


class AmendActOut(_DeclarationActOut):
    """修改申报的结果。What became of an amendment."""

    act: Literal["amend"] = Field(description="行为。The act.", examples=["amend"])


class SubmitActOut(_DeclarationActOut):
    """提交草稿的结果。What became of the submission of a draft."""

    act: Literal["submit"] = Field(description="行为。The act.", examples=["submit"])


class WithdrawActOut(_DeclarationActOut):
    """撤回申报的结果。What became of a withdrawal."""

    act: Literal["withdraw"] = Field(description="行为。The act.", examples=["withdraw"])


class _NilReturnActOut(_ResultOut):
    body: NilReturnOut | None = Field(description="零报告。The nil return; null where the act was not done.")


class NilReturnActOut(_NilReturnActOut):
    """零报告的结果。What became of a nil return."""

    act: Literal["nil_return"] = Field(description="行为。The act.", examples=["nil_return"])


class WithdrawNilReturnActOut(_NilReturnActOut):
    """撤回零报告的结果。What became of the withdrawal of a nil return."""

    act: Literal["withdraw_nil_return"] = Field(description="行为。The act.", examples=["withdraw_nil_return"])


class AnswerRequestActOut(_ResultOut):
    """答复询问的结果。What became of an answer to a request."""

    act: Literal["answer_request"] = Field(description="行为。The act.", examples=["answer_request"])
    body: ReviewRecordOut | None = Field(description="审查，本人所见。The review as the official sees it; null where the act was not done.")


class UnknownActOut(_DeclarationActOut):
    """无法识别的行为，故未办理，body 为空。An act that this register does not know: it was not done, and `body` is null."""

    act: Literal["unknown"] = Field(description="无法识别的行为。No act of this register.", examples=["unknown"])


BatchResultOut = TypeAliasType(
    "BatchResultOut",
    Annotated[
        FileActOut
        | AmendActOut
        | SubmitActOut
        | WithdrawActOut
        | NilReturnActOut
        | WithdrawNilReturnActOut
        | AnswerRequestActOut
        | UnknownActOut,
        Field(discriminator="act", description="一项行为的结果。What became of one act."),
    ],
)


class BatchOut(BaseModel):
    """What became of each act, in their order."""

    results: Annotated[list[BatchResultOut], Field(max_length=MOST_ACTS)] = Field(
        description="各行为的结果，次序同请求。What became of each act, in the order of the request."
    )
