from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, ClassVar

import pytest

from sourcer.connect.testing import ConnectorContract
from sourcer_stackoverflow import StackOverflow
from sourcer_stackoverflow.dump import reader
from support.dumps import answer, badge, question, user, write_dump


class TestStackOverflow(ConnectorContract):
    connector = StackOverflow
    config: ClassVar[Mapping[str, Any]] = {"key": "an-invented-key", "dump_site": "ai"}
    discover: ClassVar[Mapping[str, Any]] = {"tags": ["pytorch"]}
    folder: Path

    @pytest.fixture(autouse=True)
    def _dump(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(reader, "_CHECKPOINT_PEOPLE", 2)
        posts = [question(1, AcceptedAnswerId=3), *(answer(n, 1, n % 5 + 7, Score=n % 4 - 1) for n in range(2, 20))]
        users = [user(uid, AboutMe="<p>I serve models.</p>", AccountId=uid) for uid in range(7, 12)]
        self.folder = write_dump(tmp_path, posts=posts, users=users, badges=[badge(8, "pytorch")])

    @contextmanager
    def world(self) -> Iterator[Mapping[str, Any]]:
        yield {"dump_dir": str(self.folder)}
