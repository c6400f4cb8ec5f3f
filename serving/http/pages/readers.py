"""Who reads the pages: everybody with a key, whatever its role."""

from typing import Annotated

from fastapi import Depends

from serving.access import Role
from serving.http.page_access import Visitor, shown_to

EVERYONE = tuple(Role)
MaySee = Annotated[Visitor, Depends(shown_to(*EVERYONE))]
