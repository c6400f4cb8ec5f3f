"""What leadsift.toml says, typed and checked: `load_config` reads it, `Config` holds it."""

from features.config.load import load_config
from features.config.model import Config
from features.config.sections import (
    Company,
    Events,
    FeatureColumn,
    Features,
    Grades,
    LabelColumn,
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
    Trees,
)
from features.config.webhooks import Webhook
from features.config.week import BusinessHours, WeekTime

__all__ = [
    "BusinessHours",
    "Company",
    "Config",
    "Events",
    "FeatureColumn",
    "Features",
    "Grades",
    "LabelColumn",
    "LabelSettings",
    "Leads",
    "Leaks",
    "Mlflow",
    "Outcomes",
    "Priors",
    "Reports",
    "ServiceLimits",
    "Sla",
    "Store",
    "Training",
    "Trees",
    "Webhook",
    "WeekTime",
    "load_config",
]
