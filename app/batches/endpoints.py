"""The door for batches."""

from datetime import timedelta

from fastapi import APIRouter, Request, Response

from app.access.dependencies import AnyCaller
from app.declarations.capture import Device
from app.kit.answers import answer
from app.kit.door import Door

from .acts import Acts
from .schemas import BatchIn, BatchOut
from .service import Batch

router = APIRouter(prefix="/v1/batches", tags=["offline"], route_class=Door)


@router.post("", response_model=BatchOut, summary="批量补报 Send what was done offline")
async def send_batch(body: BatchIn, caller: AnyCaller, request: Request) -> Response:
    """依次办理离线期间的行为；逐项答复，一项未成不影响其余。Does what was done without a network, one act after the other; each is answered by itself.

    每项以其 key 幂等：重发同一批，或另行分批，已办成的得到当时的答复。同一申报此前一项未成的，其后各项以 424 答复、不予办理。

    Each act is idempotent by its key: sent again, in the same batch or cut otherwise, what was done gets its answer of then. After an act that failed, those on
    the same record, or with its key in `after`, are answered 424 and not tried. A batch is answered with 200 whatever became of its acts.
    """
    device = Device(body.sent_at, timedelta(days=request.app.state.settings.offline_days))
    return answer({"results": await Batch(Acts(request, caller, device)).done(body.acts)})
