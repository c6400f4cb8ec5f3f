"""The whole of leadsift.toml as one frozen object."""

from pathlib import Path

from pydantic import BaseModel, ConfigDict

from features.config.sections import (
    Company,
    Events,
    Features,
    Grades,
    LabelSettings,
    Leads,
    Leaks,
    Mlflow,
    Outcomes,
    Priors,
    Reports,
    ServiceLimits,
    Sla,
    Store,
    Training,
)
from features.config.webhooks import Webhook
from features.topics import Subscriber


class Config(BaseModel):
    """What a company's data looks like and how its model is made. Every path and SQLite URL in it is absolute."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    path: Path
    company: Company
    leads: Leads
    events: Events | None
    outcomes: Outcomes | None
    features: Features
    label: LabelSettings
    leaks: Leaks
    sla: Sla
    reports: Reports
    grades: Grades
    store: Store
    service: ServiceLimits
    mlflow: Mlflow
    priors: Priors
    training: Training
    webhooks: tuple[Webhook, ...]

    @property
    def root(self) -> Path:
        """Give the folder that relative paths start from."""
        return self.path.parent

    @property
    def subscribers(self) -> tuple[Subscriber, ...]:
        """Give who wants to be told what, without addresses and secrets."""
        return tuple(webhook.subscriber for webhook in self.webhooks)
