from __future__ import annotations

import time
from pathlib import Path

import httpx
import pytest

from sourcer.brief import load_brief
from sourcer.config import CONFIG_NAME, load_config
from sourcer.demo.github import TOKEN
from sourcer.demo.model import TODAY
from sourcer.demo.run import BRIEF, DUMP_CONFIG, prepare
from sourcer.demo.stackexchange import KEY
from sourcer_github.settings import GitHubConfig, GitHubDiscover
from sourcer_stackoverflow.settings import StackOverflowConfig


def test_a_prepared_folder_can_be_crawled(tmp_path: Path) -> None:
    with prepare(tmp_path / "demo", seed=3, people=60) as demo:
        config = load_config(demo.folder / CONFIG_NAME)
        assert config.privacy.missing() == ()
        assert "invented" in config.privacy.controller
        assert config.database_url == f"sqlite:///{(tmp_path / 'demo').resolve() / 'demo.db'}"
        github = GitHubConfig.model_validate(config.connectors["github"])
        assert github.api_url == demo.github.url
        assert github.token.reveal() == TOKEN
        answer = httpx.get(f"{github.api_url}/rate_limit", headers={"Authorization": f"Bearer {TOKEN}"})
        assert answer.status_code == 200
        asked = StackOverflowConfig.model_validate(config.connectors["stackoverflow"])
        assert asked.api_url == demo.stackexchange.url
        assert httpx.get(f"{asked.api_url}/sites", params={"key": KEY}).json()["quota_max"] == 10_000
        read = load_config(demo.folder / DUMP_CONFIG)
        dump = read.path(read.connectors["stackoverflow"]["dump_dir"])
        tables = ("Users", "Posts", "Badges", "Tags", "Votes")
        assert {path.name for path in dump.iterdir()} == {f"{table}.xml" for table in tables}
        assert demo.today == TODAY.date()
        assert sum(one.github is not None or one.stackoverflow is not None for one in demo.world.people) == 60


def test_the_brief_finds_people_of_the_world(tmp_path: Path) -> None:
    with prepare(tmp_path, people=60) as demo:
        brief = load_brief(load_config(tmp_path / CONFIG_NAME), BRIEF)
    assert brief.role == "ml_engineer"
    topics = set(GitHubDiscover.model_validate(brief.discover.of("github")).topics)
    tags = set((brief.discover.of("stackoverflow") or {})["tags"])
    engineers = [one for one in demo.world.people if one.role == "ml_engineer" and one.level > 1]
    shown = [{topic for repo in one.github.repositories for topic in repo.topics} for one in engineers if one.github]
    assert sum(bool(found & topics) for found in shown) > 0.8 * len(shown)
    assert all(any(tag in post.tags for post in demo.world.posts) for tag in tags)


def test_preparing_again_writes_over(tmp_path: Path) -> None:
    with prepare(tmp_path, people=40) as first:
        url = first.github.url
    with prepare(tmp_path, people=40) as second:
        text = (tmp_path / CONFIG_NAME).read_text(encoding="utf-8")
        assert second.github.url in text
    with pytest.raises(httpx.ConnectError):
        httpx.get(f"{url}/rate_limit")


def test_preparing_is_quick(tmp_path: Path) -> None:
    began = time.perf_counter()
    with prepare(tmp_path):
        assert time.perf_counter() - began < 2
