"""The user's own SQL database: schema, writes, reads, upgrade; SQLite and PostgreSQL with the same code.

Start with :class:`sourcer.store.database.Database`; a crawl writes through :func:`sourcer.store.units.commit_unit`.
"""
