"""Who may write into the live store."""

from typing import Annotated

from fastapi import Depends

from serving.access import Caller, Role
from serving.http.callers import requires

may_write = requires(Role.CRM)
MayWrite = Annotated[Caller, Depends(may_write)]
