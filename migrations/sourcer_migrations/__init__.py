"""Alembic revisions of Sourcer."""
