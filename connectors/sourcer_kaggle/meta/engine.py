"""The query engine: in this process, with bounded memory; what does not fit goes to a temporary folder."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from sourcer.connect import NotConfigured

if TYPE_CHECKING:
    import duckdb

__all__ = ["Engine", "EngineError", "import_engine", "sql_text"]

_MEMORY: Final = "500MB"
_THREADS: Final = 4
"""Each reads a file with buffers of its own: more of them would only take more memory."""


class EngineError(Exception):
    """The engine could not run a statement; the message says why, on one line."""


def import_engine() -> Any:
    """The DuckDB package.

    Raises:
        NotConfigured: The extra is not installed.
    """
    try:
        import duckdb  # noqa: PLC0415  # an extra: the other ways do without
    except ImportError:
        raise NotConfigured(
            'reading Meta Kaggle needs the kaggle extra: pip install "sourcer-crawler[kaggle]" (DuckDB)'
        ) from None
    return duckdb


class Engine:
    """One database in memory. Its methods block; they may be called from any thread, one at a time.

    Args:
        folder: Where it puts what does not fit into memory.
    """

    def __init__(self, folder: Path) -> None:
        self._duckdb = import_engine()
        config = {
            "memory_limit": _MEMORY,
            "temp_directory": str(folder),
            "preserve_insertion_order": False,
            # Nothing is ever fetched from the network.
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
            "allow_community_extensions": False,
        }
        self._connection: duckdb.DuckDBPyConnection = self._duckdb.connect(":memory:", config=config)
        threads = self.value("SELECT current_setting('threads')")
        self.run(f"SET threads = {min(_THREADS, int(threads))}")

    def run(self, statement: str, values: Sequence[object] = ()) -> None:
        """Run a statement.

        Raises:
            EngineError: It failed, or :meth:`stop` ended it.
        """
        self.rows(statement, values)

    def rows(self, statement: str, values: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        """Run a query; gives all its rows.

        Raises:
            EngineError: It failed, or :meth:`stop` ended it.
        """
        try:
            result: list[tuple[Any, ...]] = self._connection.execute(statement, list(values)).fetchall()
        except self._duckdb.Error as fault:
            raise EngineError(" ".join(str(fault).split())[:300]) from fault
        return result

    def value(self, statement: str, values: Sequence[object] = ()) -> Any:
        """The first column of the first row; ``None`` where there is no row."""
        rows = self.rows(statement, values)
        return rows[0][0] if rows else None

    def make(self, name: str, columns: Iterable[str]) -> None:
        """Make an empty table; ``columns`` are names with their types."""
        self.run(f"CREATE TABLE {name} ({', '.join(columns)})")

    def stop(self) -> None:
        """End the statement that another thread is running."""
        self._connection.interrupt()

    def close(self) -> None:
        """Give memory and files back."""
        self._connection.close()


def sql_text(value: str) -> str:
    """A text as a literal of SQL."""
    return "'" + value.replace("'", "''") + "'"
