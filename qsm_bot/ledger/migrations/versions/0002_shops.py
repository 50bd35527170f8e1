"""Which shop the rows mean: a shop has a key of its own, and the names of earlier versions."""

import sqlalchemy as sa
from alembic import op

revision = "0002_shops"
down_revision = "0001_book"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table; what stands in the book already stays as it is."""
    op.create_table(
        "shops",
        sa.Column("key", sa.Text, primary_key=True),
        sa.Column("main", sa.Text, nullable=False),
        sa.Column("shown", sa.Text, nullable=False),
    )
