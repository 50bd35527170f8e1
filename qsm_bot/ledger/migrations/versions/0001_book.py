"""The first schema: plans, approvals, leases, runs, attempts, and the chained events."""

import sqlalchemy as sa
from alembic import op

revision = "0001_book"
down_revision = None
branch_labels = None
depends_on = None

_GENESIS = "0" * 64
_REASONS = "'shipped', 'ready', 'made_to_order', 'other'"
_STATES = (
    "'leased', 'opened', 'ready', 'armed', 'confirm_open', "
    "'committing', 'alerted', 'verified', 'unknown', 'settled'"
)
_OUTCOMES = (
    "'refused', 'already_refused', 'rejected', 'not_sent', 'gone', "
    "'changed', 'rehearsed', 'unknown', 'needs_person'"
)


def upgrade() -> None:
    """Make every table, the head of the chain, and the triggers that keep the events."""
    _plans()
    _shops()
    _attempts()
    _events()
    _guards()


def _plans() -> None:
    op.create_table(
        "plans",
        sa.Column("digest", sa.String(64), primary_key=True),
        sa.Column("shop", sa.Text, nullable=False),
        sa.Column("recorded_at", sa.String(32), nullable=False),
        sa.Column("body", sa.Text, nullable=False),
    )
    op.create_table(
        "approvals",
        sa.Column("seq", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("plan", sa.String(64), sa.ForeignKey("plans.digest"), nullable=False),
        sa.Column("who", sa.Text, nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("at", sa.String(32), nullable=False),
        sa.Column("until", sa.String(32), nullable=False),
        sa.CheckConstraint("kind IN ('person', 'standing')", name="ck_approvals_kind"),
    )
    op.create_index("ix_approvals_plan", "approvals", ["plan"])


def _shops() -> None:
    op.create_table(
        "leases",
        sa.Column("shop", sa.Text, primary_key=True),
        sa.Column("holder", sa.Text, nullable=False),
        sa.Column("token", sa.String(32), nullable=False),
        sa.Column("until", sa.String(32), nullable=False),
    )
    op.create_table(
        "runs",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("seq", sa.Integer, nullable=False, unique=True),
        sa.Column("shop", sa.Text, nullable=False),
        sa.Column("command", sa.Text, nullable=False),
        sa.Column("plan", sa.String(64)),
        sa.Column("started_at", sa.String(32), nullable=False),
        sa.Column("ended_at", sa.String(32)),
        sa.Column("exit_code", sa.Integer),
        sa.Column("error", sa.Text),
    )


def _attempts() -> None:
    op.create_table(
        "attempts",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("seq", sa.Integer, nullable=False, unique=True),
        sa.Column("run_id", sa.String(32), sa.ForeignKey("runs.id"), nullable=False),
        sa.Column("shop", sa.Text, nullable=False),
        sa.Column("order_no", sa.Text, nullable=False),
        sa.Column("cart_no", sa.Text, nullable=False),
        sa.Column("attempt", sa.Integer, nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("plan", sa.String(64), nullable=False),
        sa.Column("reason", sa.String(16), nullable=False),
        sa.Column("text", sa.Text),
        sa.Column("rule", sa.Text, nullable=False),
        sa.Column("lease", sa.String(32)),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("blocks", sa.Boolean(create_constraint=False), nullable=False),
        sa.Column("outcome", sa.String(16)),
        sa.Column("detail", sa.Text),
        sa.Column("proofs", sa.Text, nullable=False),
        sa.Column("created_at", sa.String(32), nullable=False),
        sa.Column("updated_at", sa.String(32), nullable=False),
        sa.UniqueConstraint("shop", "order_no", "attempt", name="uq_attempts_number"),
        sa.CheckConstraint("attempt >= 1", name="ck_attempts_attempt"),
        sa.CheckConstraint("kind IN ('refusal', 'rehearsal')", name="ck_attempts_kind"),
        sa.CheckConstraint(f"reason IN ({_REASONS})", name="ck_attempts_reason"),
        sa.CheckConstraint(f"state IN ({_STATES})", name="ck_attempts_state"),
        sa.CheckConstraint(f"outcome IN ({_OUTCOMES})", name="ck_attempts_outcome"),
        # An end without an outcome, or an outcome before the end, would be a lie.
        sa.CheckConstraint(
            "(state IN ('unknown', 'settled')) = (outcome IS NOT NULL)", name="ck_attempts_end"
        ),
        # Whatever is not settled may have been sent.
        sa.CheckConstraint("blocks OR state = 'settled'", name="ck_attempts_blocks"),
    )
    op.create_index("ix_attempts_run_id", "attempts", ["run_id"])
    op.create_index(
        "uq_attempts_blocks",
        "attempts",
        ["shop", "order_no"],
        unique=True,
        sqlite_where=sa.text("blocks"),
        postgresql_where=sa.text("blocks"),
    )


def _events() -> None:
    op.create_table(
        "events",
        sa.Column("seq", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("at", sa.String(32), nullable=False),
        sa.Column("shop", sa.Text),
        sa.Column("run_id", sa.Text),
        sa.Column("order_no", sa.Text),
        sa.Column("attempt_id", sa.Text),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.Column("prev", sa.String(64), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
    )
    for column in ("run_id", "order_no", "attempt_id"):
        op.create_index(f"ix_events_{column}", "events", [column])
    chain = op.create_table(
        "chain",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("seq", sa.Integer, nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.CheckConstraint("id = 1", name="ck_chain_one_row"),
    )
    op.bulk_insert(chain, [{"id": 1, "seq": 0, "hash": _GENESIS}])


def _guards() -> None:
    if op.get_bind().dialect.name == "sqlite":
        # INSERT OR REPLACE deletes first; recursive_triggers=ON makes that fire the guard too.
        for deed in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER events_no_{deed.lower()} BEFORE {deed} ON events "
                "BEGIN SELECT RAISE(ABORT, 'events are append-only'); END"
            )
        return
    op.execute(
        "CREATE FUNCTION events_append_only() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'events are append-only'; END $$"
    )
    op.execute(
        "CREATE TRIGGER events_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON events "
        "FOR EACH STATEMENT EXECUTE FUNCTION events_append_only()"
    )
