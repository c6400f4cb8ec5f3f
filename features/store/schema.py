"""The tables of the store. How a store of an earlier version gets to them is in `migrations`."""

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    UniqueConstraint,
    text,
)

from features.store.columns import Instant, Json, Serial

ID_CHARACTERS = 200  # of a lead, an event, a caller's idempotency key
NAME_CHARACTERS = 200
TYPE_CHARACTERS = 100
CONTENT_CHARACTERS = 500
DETAIL_CHARACTERS = 500

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def _lead_id(*, primary_key: bool = False) -> Column[str]:
    """Give the column that names a lead; when the lead is erased, the row goes with it."""
    return Column(
        "lead_id",
        String(ID_CHARACTERS),
        ForeignKey("leads.lead_id", ondelete="CASCADE"),
        nullable=False,
        primary_key=primary_key,
    )


api_keys = Table(
    "api_keys",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", String(NAME_CHARACTERS), nullable=False),
    Column("role", String(20), nullable=False),
    Column("digest", String(64), nullable=False, unique=True),  # SHA-256 of the key, hex; the key itself is nowhere
    Column("created_at", Instant, nullable=False),
    Column("expires_at", Instant),
    Column("revoked_at", Instant),
    Column("last_used_at", Instant),
    sqlite_autoincrement=True,  # the id of a key is never given out twice
)

# A lead as it is now. `outcome` is the newest decision of sales, empty while the lead is open.
leads = Table(
    "leads",
    metadata,
    Column("lead_id", String(ID_CHARACTERS), primary_key=True),
    Column("attributes", Json, nullable=False),
    Column("handed_over_at", Instant),
    Column("owner", String(NAME_CHARACTERS)),
    Column("created_at", Instant, nullable=False),
    Column("changed_at", Instant, nullable=False),
    Column("outcome", String(20)),
    Column("decided_at", Instant),
    Column("first_touch_at", Instant),
    Index(None, "outcome", "handed_over_at"),
    Index(None, "owner"),
)

# What was known of a lead from `changed_at` on, whole: so what was known at any moment is one row.
lead_changes = Table(
    "lead_changes",
    metadata,
    Column("id", Serial, primary_key=True),
    _lead_id(),
    Column("changed_at", Instant, nullable=False),
    Column("attributes", Json, nullable=False),
    Column("handed_over_at", Instant),
    Column("owner", String(NAME_CHARACTERS)),
    Index(None, "lead_id", "changed_at"),
)

_HAS_CONTENT = text("content IS NOT NULL")  # most events may have none

events = Table(
    "events",
    metadata,
    Column("event_id", String(ID_CHARACTERS), primary_key=True),
    _lead_id(),
    Column("type", String(TYPE_CHARACTERS), nullable=False),
    Column("occurred_at", Instant, nullable=False),
    Column("content", String(CONTENT_CHARACTERS)),
    Column("received_at", Instant, nullable=False),
    Index(None, "lead_id", "occurred_at"),
    Index(None, "content", "occurred_at", sqlite_where=_HAS_CONTENT, postgresql_where=_HAS_CONTENT),
)

outcomes = Table(
    "outcomes",
    metadata,
    Column("id", Serial, primary_key=True),
    _lead_id(),
    Column("outcome", String(20), nullable=False),
    Column("reason", String(CONTENT_CHARACTERS)),
    Column("decided_at", Instant, nullable=False),
    Column("received_at", Instant, nullable=False),
    UniqueConstraint("lead_id", "decided_at", "outcome"),
    Index(None, "decided_at"),
)

useful_contents = Table(
    "useful_contents",
    metadata,
    _lead_id(primary_key=True),
    Column("content", String(CONTENT_CHARACTERS), primary_key=True),
    Column("marked_at", Instant, nullable=False),
)

# The ledger: every score of a stored lead that left the service, with what was known at `recorded_at`. `inputs` are the
# feature values, packed, from which the same model version gives the same score again.
scores = Table(
    "scores",
    metadata,
    Column("id", Serial, primary_key=True),
    _lead_id(),
    Column("as_of", Instant, nullable=False),
    Column("recorded_at", Instant, nullable=False),
    Column("model_version", String(100), nullable=False),
    Column("trigger", String(20), nullable=False),
    Column("at_hand_over", Boolean, nullable=False),
    Column("probability", Float(53), nullable=False),
    Column("fit_points", Float(53), nullable=False),
    Column("fit_grade", String(1), nullable=False),
    Column("engagement_points", Float(53), nullable=False),
    Column("engagement_grade", String(1), nullable=False),
    Column("segment", String(20), nullable=False),
    Column("reasons", Json, nullable=False),
    Column("inputs", LargeBinary, nullable=False),
    Index(None, "lead_id", "as_of"),
    Index(None, "at_hand_over", "as_of"),
)

# The newest score of each lead, for lists that rank them. `draw` is the lead's place in the lot that chooses leads
# whatever their score.
latest_scores = Table(
    "latest_scores",
    metadata,
    _lead_id(primary_key=True),
    Column("score_id", Serial, nullable=False),
    Column("as_of", Instant, nullable=False),
    Column("probability", Float(53), nullable=False),
    Column("fit_grade", String(1), nullable=False),
    Column("engagement_grade", String(1), nullable=False),
    Column("segment", String(20), nullable=False),
    Column("draw", Float(53), nullable=False),
    Index(None, "probability"),
    Index(None, "draw"),
)

# All that reports count by cell. SQLite reads it from an index in one go, where it would look up each lead's row and
# sort; so the grades come first.
_COUNTED = (
    "fit_grade", "engagement_grade", "handed_over_at", "probability", "draw", "is_judged", "is_sql", "outcome",
    "reason", "sector", "size", "source", "campaign", "owner",
)  # fmt: skip

# Likewise what the agreement's reports add up by week and owner.
_DELIVERED = (
    "week", "owner", "due_at", "worked_at", "speed_s", "wait_s", "probability", "fit_grade", "handed_over_at",
    "is_judged", "is_sql", "outcome",
)  # fmt: skip

# What reports count of each lead that was handed over, ready to be added up; see `features.store.facts`. Scores are
# those of the hand-over, empty where no model was there.
lead_facts = Table(
    "lead_facts",
    metadata,
    _lead_id(primary_key=True),
    Column("handed_over_at", Instant, nullable=False),
    Column("week", Date, nullable=False),  # the Monday of the week of the delivery that it was part of
    Column("due_at", Instant),  # when sales was to have looked at it
    Column("worked_at", Instant),  # when sales first touched or judged it
    Column("engaged_at", Instant),  # what it last did before the hand-over
    Column("speed_s", Integer),  # business seconds from there to `worked_at`
    Column("wait_s", Integer),  # business seconds from the hand-over to `worked_at`
    Column("owner", String(NAME_CHARACTERS)),
    Column("sector", String(NAME_CHARACTERS)),
    Column("size", String(NAME_CHARACTERS)),
    Column("source", String(NAME_CHARACTERS)),
    Column("campaign", String(NAME_CHARACTERS)),
    Column("probability", Float(53)),
    Column("fit_grade", String(1)),
    Column("engagement_grade", String(1)),
    Column("engagement_points", Float(53)),
    Column("segment", String(20)),
    Column("model_version", String(100)),
    Column("draw", Float(53), nullable=False),
    Column("is_judged", Boolean, nullable=False),  # sales decided on it, after the hand-over
    Column("is_sql", Boolean, nullable=False),  # and said SQL within the horizon
    Column("outcome", String(20)),  # the newest decision after the hand-over, with its reason
    Column("reason", String(CONTENT_CHARACTERS)),
    Column("decided_at", Instant),
    Index(None, "handed_over_at"),
    Index(None, "week"),
    Index("ix_lead_facts_counted", *_COUNTED, info={"dialect": "sqlite"}),
    Index("ix_lead_facts_delivered", *_DELIVERED, info={"dialect": "sqlite"}),
)

# What each lead took before its hand-over: the first time for each content.
lead_contents = Table(
    "lead_contents",
    metadata,
    _lead_id(primary_key=True),
    Column("content", String(CONTENT_CHARACTERS), primary_key=True),
    Column("first_at", Instant, nullable=False),
)

# How far tables made from others follow them: `digest` is of the settings they were made with.
read_models = Table(
    "read_models",
    metadata,
    Column("name", String(50), primary_key=True),
    Column("digest", String(64), nullable=False),
    Column("last_lead_id", String(ID_CHARACTERS)),
    Column("is_whole", Boolean, nullable=False),
)

# A write that came with an Idempotency-Key, and its answer. `caller` is the API key's id.
idempotency_keys = Table(
    "idempotency_keys",
    metadata,
    Column("caller", String(ID_CHARACTERS), primary_key=True),
    Column("key", String(ID_CHARACTERS), primary_key=True),
    Column("digest", String(64), nullable=False),  # of method, address and body
    Column("status", Integer, nullable=False),
    Column("answer", LargeBinary, nullable=False),
    Column("created_at", Instant, nullable=False),
    Index(None, "created_at"),
)

# Which leads an answer speaks of, so that erasing a lead finds it.
idempotency_leads = Table(
    "idempotency_leads",
    metadata,
    Column("caller", String(ID_CHARACTERS), primary_key=True),
    Column("key", String(ID_CHARACTERS), primary_key=True),
    Column("lead_id", String(ID_CHARACTERS), primary_key=True),
    Index(None, "lead_id"),
)

# Webhook calls to make, written with what they tell of; `body` are the bytes that are signed and sent.
outbox = Table(
    "outbox",
    metadata,
    Column("id", Serial, primary_key=True),
    Column("endpoint", String(NAME_CHARACTERS), nullable=False),
    Column("event_id", String(ID_CHARACTERS), nullable=False),
    Column("topic", String(50), nullable=False),
    Column("lead_id", String(ID_CHARACTERS)),
    Column("body", LargeBinary, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("state", String(20), nullable=False),  # waiting, delivered, given up
    Column("attempts", Integer, nullable=False),
    Column("next_attempt_at", Instant, nullable=False),
    Column("settled_at", Instant),  # when it was delivered or given up
    Column("last_error", String(500)),
    UniqueConstraint("event_id", "endpoint"),
    Index(None, "state", "endpoint", "next_attempt_at"),
    Index(None, "lead_id"),
)

# Who did what that others must be able to ask about: promoted, erased, made or revoked keys.
audit_log = Table(
    "audit_log",
    metadata,
    Column("id", Serial, primary_key=True),
    Column("at", Instant, nullable=False),
    Column("who", String(NAME_CHARACTERS), nullable=False),
    Column("action", String(50), nullable=False),
    Column("subject", String(ID_CHARACTERS)),
    Column("detail", String(DETAIL_CHARACTERS)),
)

# Leads that were erased, by a digest under the store's own secret: an import must not bring them back.
erased_leads = Table(
    "erased_leads",
    metadata,
    Column("digest", String(64), primary_key=True),
    Column("erased_at", Instant, nullable=False),
)

# Runs that score all open leads anew; `last_lead_id` is where an interrupted one goes on.
rescores = Table(
    "rescores",
    metadata,
    Column("id", Serial, primary_key=True),
    Column("as_of", Instant, nullable=False),
    Column("model_version", String(100), nullable=False),
    Column("last_lead_id", String(ID_CHARACTERS)),
    Column("scored", Integer, nullable=False),
    Column("changed", Integer, nullable=False),
    Column("finished_at", Instant),
)

# The store's own secrets, made once: under which sessions are signed and erased leads are remembered.
store_secrets = Table(
    "store_secrets",
    metadata,
    Column("name", String(50), primary_key=True),
    Column("value", LargeBinary, nullable=False),
)

# The versions of the model, as the registry had them when it last changed: the service itself knows no registry.
# `status` is one of `features.store.model_versions.Status`; `quality` and `changes` are empty where nobody told them.
model_versions = Table(
    "model_versions",
    metadata,
    Column("version", String(100), primary_key=True),
    Column("registered_at", Instant, nullable=False),
    Column("status", String(20), nullable=False),
    Column("promoted_at", Instant),  # when it last became champion
    Column("who", String(NAME_CHARACTERS)),  # decided on it last
    Column("why", String(DETAIL_CHARACTERS)),
    Column("quality", Json),  # on leads newer than those it was fitted on
    Column("changes", Json),  # who changed grade when it became champion
)

# Comparisons of the newest leads with those that a version learned from.
drift_reports = Table(
    "drift_reports",
    metadata,
    Column("id", Serial, primary_key=True),
    Column("found_at", Instant, nullable=False),
    Column("version", String(100), nullable=False),
    Column("severity", String(20), nullable=False),
    Column("report", Json, nullable=False),
)

# Rollbacks that people asked for on the page; the process that follows the registry does them.
model_requests = Table(
    "model_requests",
    metadata,
    Column("id", Serial, primary_key=True),
    Column("champion", String(100), nullable=False),  # as the page showed it
    Column("version", String(100), nullable=False),  # to go back to
    Column("who", String(NAME_CHARACTERS), nullable=False),
    Column("why", String(DETAIL_CHARACTERS), nullable=False),
    Column("asked_at", Instant, nullable=False),
    Column("taken_at", Instant),
    Column("done_at", Instant),
    Column("refusal", String(DETAIL_CHARACTERS)),  # why it was not done
)
