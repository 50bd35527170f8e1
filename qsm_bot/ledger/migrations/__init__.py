"""The ledger's schema, step by step (Alembic); an installed program finds them here."""
