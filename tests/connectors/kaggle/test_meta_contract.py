from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, ClassVar

import pytest

from sourcer.connect.testing import ConnectorContract
from sourcer_kaggle import Kaggle
from sourcer_kaggle.meta import reader
from support.meta_kaggle import FIRST, achievement, member, small_world, user, write_meta

pytestmark = pytest.mark.slow


class TestMetaKaggle(ConnectorContract):
    connector = Kaggle
    config: ClassVar[Mapping[str, Any]] = {"token": "an-invented-token"}
    discover: ClassVar[Mapping[str, Any]] = {"tiers": ["GRANDMASTER", "MASTER"], "skills": ["mlflow"]}
    folder: Path

    @pytest.fixture(autouse=True)
    def _files(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(reader, "_CHECKPOINT_PEOPLE", 2)
        monkeypatch.setattr(reader, "_HOP", 3)
        tables = small_world()
        people = range(FIRST + 2, FIRST + 9)
        tables["Users"] += [user(uid, 3 + uid % 2) for uid in people]
        # Ranks repeat, so that order needs more than them; some have none.
        tables["UserAchievements"] += [achievement(uid, CurrentRanking=uid % 3 or "") for uid in people]
        tables["TeamMemberships"] += [member(40, uid) for uid in people]
        self.folder = write_meta(tmp_path, tables)

    @contextmanager
    def world(self) -> Iterator[Mapping[str, Any]]:
        yield {"meta_kaggle_dir": str(self.folder)}
