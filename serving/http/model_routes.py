"""What the model is, and what to send it."""

from typing import Annotated

from fastapi import APIRouter, Depends, Response

from serving.access import Caller, Role
from serving.http.answers import ModelAnswer
from serving.http.callers import requires
from serving.http.documented import WITH_KEY, open_to, problems
from serving.http.service import CurrentScorer

router = APIRouter(prefix="/v1/model", tags=["model"])
may_read = requires(*Role)


@router.get(
    "",
    summary="Describe the model that scores",
    openapi_extra=open_to(may_read),
    responses={200: {"model": ModelAnswer}, **problems(*WITH_KEY)},
)
async def describe_model(_: Annotated[Caller, Depends(may_read)], scorer: CurrentScorer) -> Response:
    """Give version, quality on leads newer than the training's, and the attributes and event types to send."""
    return Response(scorer.description, media_type="application/json")
