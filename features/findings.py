"""Something worth knowing about the data, with its evidence: said by `check`, before training and in the model card."""

from dataclasses import asdict, dataclass
from enum import StrEnum


class Severity(StrEnum):
    """`error` stops training, `warning` wants a look, `info` says what was understood."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


@dataclass(frozen=True)
class Finding:
    """One finding: `kind` is a short stable word ("leak", "encoding", "unused"), `detail` a sentence with numbers."""

    kind: str
    severity: Severity
    column: str | None
    detail: str

    def to_json(self) -> dict[str, str | None]:
        """Give the finding as plain JSON values."""
        return asdict(self) | {"severity": self.severity.value}
