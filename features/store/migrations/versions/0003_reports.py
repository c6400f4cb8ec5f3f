"""What reports count, ready to be added up."""

import sqlalchemy as sa
from alembic import op

from features.store.columns import Instant, Json, Serial

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "read_models",
        sa.Column("name", sa.String(50), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("last_lead_id", sa.String(200)),
        sa.Column("is_whole", sa.Boolean, nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_read_models"),
    )
    op.create_table(
        "lead_facts",
        sa.Column("lead_id", sa.String(200), nullable=False),
        sa.Column("handed_over_at", Instant, nullable=False),
        sa.Column("week", sa.Date, nullable=False),
        sa.Column("due_at", Instant),
        sa.Column("worked_at", Instant),
        sa.Column("engaged_at", Instant),
        sa.Column("speed_s", sa.Integer),
        sa.Column("wait_s", sa.Integer),
        sa.Column("owner", sa.String(200)),
        sa.Column("sector", sa.String(200)),
        sa.Column("size", sa.String(200)),
        sa.Column("source", sa.String(200)),
        sa.Column("campaign", sa.String(200)),
        sa.Column("probability", sa.Float(53)),
        sa.Column("fit_grade", sa.String(1)),
        sa.Column("engagement_grade", sa.String(1)),
        sa.Column("engagement_points", sa.Float(53)),
        sa.Column("segment", sa.String(20)),
        sa.Column("model_version", sa.String(100)),
        sa.Column("draw", sa.Float(53), nullable=False),
        sa.Column("is_judged", sa.Boolean, nullable=False),
        sa.Column("is_sql", sa.Boolean, nullable=False),
        sa.Column("outcome", sa.String(20)),
        sa.Column("reason", sa.String(500)),
        sa.Column("decided_at", Instant),
        sa.ForeignKeyConstraint(["lead_id"], ["leads.lead_id"], name="fk_lead_facts_lead_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("lead_id", name="pk_lead_facts"),
    )
    op.create_index("ix_lead_facts_handed_over_at", "lead_facts", ["handed_over_at"])
    op.create_index("ix_lead_facts_week", "lead_facts", ["week"])
    if op.get_context().dialect.name == "sqlite":
        counted = [
            "fit_grade", "engagement_grade", "handed_over_at", "probability", "draw", "is_judged", "is_sql", "outcome",
            "reason", "sector", "size", "source", "campaign", "owner",
        ]  # fmt: skip
        op.create_index("ix_lead_facts_counted", "lead_facts", counted)
        delivered = [
            "week", "owner", "due_at", "worked_at", "speed_s", "wait_s", "probability", "fit_grade", "handed_over_at",
            "is_judged", "is_sql", "outcome",
        ]  # fmt: skip
        op.create_index("ix_lead_facts_delivered", "lead_facts", delivered)
    op.create_table(
        "lead_contents",
        sa.Column("lead_id", sa.String(200), nullable=False),
        sa.Column("content", sa.String(500), nullable=False),
        sa.Column("first_at", Instant, nullable=False),
        sa.ForeignKeyConstraint(["lead_id"], ["leads.lead_id"], name="fk_lead_contents_lead_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("lead_id", "content", name="pk_lead_contents"),
    )
    has_content = sa.text("content IS NOT NULL")
    op.create_index(
        "ix_events_content_occurred_at",
        "events",
        ["content", "occurred_at"],
        sqlite_where=has_content,
        postgresql_where=has_content,
    )
    op.create_table(
        "model_versions",
        sa.Column("version", sa.String(100), nullable=False),
        sa.Column("registered_at", Instant, nullable=False),
        sa.Column("status", sa.String(20), nullable=False),
        sa.Column("promoted_at", Instant),
        sa.Column("who", sa.String(200)),
        sa.Column("why", sa.String(500)),
        sa.Column("quality", Json),
        sa.Column("changes", Json),
        sa.PrimaryKeyConstraint("version", name="pk_model_versions"),
    )
    op.create_table(
        "drift_reports",
        sa.Column("id", Serial, nullable=False),
        sa.Column("found_at", Instant, nullable=False),
        sa.Column("version", sa.String(100), nullable=False),
        sa.Column("severity", sa.String(20), nullable=False),
        sa.Column("report", Json, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_drift_reports"),
    )
    op.create_table(
        "model_requests",
        sa.Column("id", Serial, nullable=False),
        sa.Column("champion", sa.String(100), nullable=False),
        sa.Column("version", sa.String(100), nullable=False),
        sa.Column("who", sa.String(200), nullable=False),
        sa.Column("why", sa.String(500), nullable=False),
        sa.Column("asked_at", Instant, nullable=False),
        sa.Column("taken_at", Instant),
        sa.Column("done_at", Instant),
        sa.Column("refusal", sa.String(500)),
        sa.PrimaryKeyConstraint("id", name="pk_model_requests"),
    )
