"""The live store: leads, events, outcomes, the ledger of scores, and what writing and telling others need."""

import sqlalchemy as sa
from alembic import op

from features.store.columns import Instant, Json, Serial

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "audit_log",
        sa.Column("id", Serial, nullable=False),
        sa.Column("at", Instant, nullable=False),
        sa.Column("who", sa.String(200), nullable=False),
        sa.Column("action", sa.String(50), nullable=False),
        sa.Column("subject", sa.String(200)),
        sa.Column("detail", sa.String(500)),
        sa.PrimaryKeyConstraint("id", name="pk_audit_log"),
    )
    op.create_table(
        "erased_leads",
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("erased_at", Instant, nullable=False),
        sa.PrimaryKeyConstraint("digest", name="pk_erased_leads"),
    )
    op.create_table(
        "idempotency_keys",
        sa.Column("caller", sa.String(200), nullable=False),
        sa.Column("key", sa.String(200), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("status", sa.Integer, nullable=False),
        sa.Column("answer", sa.LargeBinary, nullable=False),
        sa.Column("created_at", Instant, nullable=False),
        sa.PrimaryKeyConstraint("caller", "key", name="pk_idempotency_keys"),
    )
    op.create_index("ix_idempotency_keys_created_at", "idempotency_keys", ["created_at"])
    op.create_table(
        "idempotency_leads",
        sa.Column("caller", sa.String(200), nullable=False),
        sa.Column("key", sa.String(200), nullable=False),
        sa.Column("lead_id", sa.String(200), nullable=False),
        sa.PrimaryKeyConstraint("caller", "key", "lead_id", name="pk_idempotency_leads"),
    )
    op.create_index("ix_idempotency_leads_lead_id", "idempotency_leads", ["lead_id"])
    op.create_table(
        "leads",
        sa.Column("lead_id", sa.String(200), nullable=False),
        sa.Column("attributes", Json, nullable=False),
        sa.Column("handed_over_at", Instant),
        sa.Column("owner", sa.String(200)),
        sa.Column("created_at", Instant, nullable=False),
        sa.Column("changed_at", Instant, nullable=False),
        sa.Column("outcome", sa.String(20)),
        sa.Column("decided_at", Instant),
        sa.Column("first_touch_at", Instant),
        sa.PrimaryKeyConstraint("lead_id", name="pk_leads"),
    )
    op.create_index("ix_leads_outcome_handed_over_at", "leads", ["outcome", "handed_over_at"])
    op.create_index("ix_leads_owner", "leads", ["owner"])
    op.create_table(
        "outbox",
        sa.Column("id", Serial, nullable=False),
        sa.Column("endpoint", sa.String(200), nullable=False),
        sa.Column("event_id", sa.String(200), nullable=False),
        sa.Column("topic", sa.String(50), nullable=False),
        sa.Column("lead_id", sa.String(200)),
        sa.Column("body", sa.LargeBinary, nullable=False),
        sa.Column("created_at", Instant, nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("next_attempt_at", Instant, nullable=False),
        sa.Column("settled_at", Instant),
        sa.Column("last_error", sa.String(500)),
        sa.PrimaryKeyConstraint("id", name="pk_outbox"),
        sa.UniqueConstraint("event_id", "endpoint", name="uq_outbox_event_id_endpoint"),
    )
    op.create_index("ix_outbox_lead_id", "outbox", ["lead_id"])
    op.create_index("ix_outbox_state_endpoint_next_attempt_at", "outbox", ["state", "endpoint", "next_attempt_at"])
    op.create_table(
        "rescores",
        sa.Column("id", Serial, nullable=False),
        sa.Column("as_of", Instant, nullable=False),
        sa.Column("model_version", sa.String(100), nullable=False),
        sa.Column("last_lead_id", sa.String(200)),
        sa.Column("scored", sa.Integer, nullable=False),
        sa.Column("changed", sa.Integer, nullable=False),
        sa.Column("finished_at", Instant),
        sa.PrimaryKeyConstraint("id", name="pk_rescores"),
    )
    op.create_table(
        "store_secrets",
        sa.Column("name", sa.String(50), nullable=False),
        sa.Column("value", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_store_secrets"),
    )
    op.create_table(
        "events",
        sa.Column("event_id", sa.String(200), nullable=False),
        sa.Column("lead_id", sa.String(200), nullable=False),
        sa.Column("type", sa.String(100), nullable=False),
        sa.Column("occurred_at", Instant, nullable=False),
        sa.Column("content", sa.String(500)),
        sa.Column("received_at", Instant, nullable=False),
        sa.ForeignKeyConstraint(["lead_id"], ["leads.lead_id"], name="fk_events_lead_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("event_id", name="pk_events"),
    )
    op.create_index("ix_events_lead_id_occurred_at", "events", ["lead_id", "occurred_at"])
    op.create_table(
        "latest_scores",
        sa.Column("lead_id", sa.String(200), nullable=False),
        sa.Column("score_id", Serial, nullable=False),
        sa.Column("as_of", Instant, nullable=False),
        sa.Column("probability", sa.Float(53), nullable=False),
        sa.Column("fit_grade", sa.String(1), nullable=False),
        sa.Column("engagement_grade", sa.String(1), nullable=False),
        sa.Column("segment", sa.String(20), nullable=False),
        sa.Column("draw", sa.Float(53), nullable=False),
        sa.ForeignKeyConstraint(["lead_id"], ["leads.lead_id"], name="fk_latest_scores_lead_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("lead_id", name="pk_latest_scores"),
    )
    op.create_index("ix_latest_scores_draw", "latest_scores", ["draw"])
    op.create_index("ix_latest_scores_probability", "latest_scores", ["probability"])
    op.create_table(
        "lead_changes",
        sa.Column("id", Serial, nullable=False),
        sa.Column("lead_id", sa.String(200), nullable=False),
        sa.Column("changed_at", Instant, nullable=False),
        sa.Column("attributes", Json, nullable=False),
        sa.Column("handed_over_at", Instant),
        sa.Column("owner", sa.String(200)),
        sa.ForeignKeyConstraint(["lead_id"], ["leads.lead_id"], name="fk_lead_changes_lead_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_lead_changes"),
    )
    op.create_index("ix_lead_changes_lead_id_changed_at", "lead_changes", ["lead_id", "changed_at"])
    op.create_table(
        "outcomes",
        sa.Column("id", Serial, nullable=False),
        sa.Column("lead_id", sa.String(200), nullable=False),
        sa.Column("outcome", sa.String(20), nullable=False),
        sa.Column("reason", sa.String(500)),
        sa.Column("decided_at", Instant, nullable=False),
        sa.Column("received_at", Instant, nullable=False),
        sa.ForeignKeyConstraint(["lead_id"], ["leads.lead_id"], name="fk_outcomes_lead_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_outcomes"),
        sa.UniqueConstraint("lead_id", "decided_at", "outcome", name="uq_outcomes_lead_id_decided_at_outcome"),
    )
    op.create_index("ix_outcomes_decided_at", "outcomes", ["decided_at"])
    op.create_table(
        "scores",
        sa.Column("id", Serial, nullable=False),
        sa.Column("lead_id", sa.String(200), nullable=False),
        sa.Column("as_of", Instant, nullable=False),
        sa.Column("recorded_at", Instant, nullable=False),
        sa.Column("model_version", sa.String(100), nullable=False),
        sa.Column("trigger", sa.String(20), nullable=False),
        sa.Column("at_hand_over", sa.Boolean, nullable=False),
        sa.Column("probability", sa.Float(53), nullable=False),
        sa.Column("fit_points", sa.Float(53), nullable=False),
        sa.Column("fit_grade", sa.String(1), nullable=False),
        sa.Column("engagement_points", sa.Float(53), nullable=False),
        sa.Column("engagement_grade", sa.String(1), nullable=False),
        sa.Column("segment", sa.String(20), nullable=False),
        sa.Column("reasons", Json, nullable=False),
        sa.Column("inputs", sa.LargeBinary, nullable=False),
        sa.ForeignKeyConstraint(["lead_id"], ["leads.lead_id"], name="fk_scores_lead_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_scores"),
    )
    op.create_index("ix_scores_at_hand_over_as_of", "scores", ["at_hand_over", "as_of"])
    op.create_index("ix_scores_lead_id_as_of", "scores", ["lead_id", "as_of"])
    op.create_table(
        "useful_contents",
        sa.Column("lead_id", sa.String(200), nullable=False),
        sa.Column("content", sa.String(500), nullable=False),
        sa.Column("marked_at", Instant, nullable=False),
        sa.ForeignKeyConstraint(["lead_id"], ["leads.lead_id"], name="fk_useful_contents_lead_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("lead_id", "content", name="pk_useful_contents"),
    )
    op.add_column("api_keys", sa.Column("expires_at", Instant))
