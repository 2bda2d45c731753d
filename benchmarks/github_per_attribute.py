"""What a plain script does: PyGithub, one endpoint for each attribute, person by person.

It is the measure that ``benchmarks/github.py`` holds the connector against: the same evidence (profile, links,
repositories with topics, languages and release, merged pull requests and reviews, README, dependency files,
workflows, the tree), asked as the library offers it. It gets every advantage: no pause between requests, no throttle,
connections kept alive, nothing asked twice, and nothing at all stored.

    .venv/bin/python -P benchmarks/github_per_attribute.py API_URL TOKEN LOGIN...

``-P``: in this folder ``github`` is the name of a benchmark, too.

The server counts the requests.
"""

from __future__ import annotations

import json
import sys
import time
from dataclasses import dataclass, field
from typing import Any, Final

from github import Auth, Github, GithubException
from github.NamedUser import NamedUser
from github.Repository import Repository

__all__ = ["Looked", "look_up"]

REPOSITORIES: Final = 10
FILES: Final = (
    "requirements.txt",
    "pyproject.toml",
    "setup.py",
    "setup.cfg",
    "environment.yml",
    "Dockerfile",
    "docker-compose.yml",
    "dvc.yaml",
    "MLproject",
    ".github/workflows",
)
FILES_OF: Final = 5
"""Repositories whose files are read, as in the connector's deep look; of the others only the attributes."""


@dataclass(slots=True)
class Looked:
    """How long it took, and how much was found."""

    people: int = 0
    seconds: float = 0.0
    found: dict[str, int] = field(default_factory=dict)

    def add(self, what: str, number: int = 1) -> None:
        """Count what was found."""
        self.found[what] = self.found.get(what, 0) + number


def look_up(url: str, token: str, logins: list[str]) -> Looked:
    """Look people up, one request after the other."""
    looked = Looked()
    github = Github(base_url=url, auth=Auth.Token(token), per_page=100, seconds_between_requests=0, retry=None)
    began = time.perf_counter()
    for login in logins:
        _look_at(github, login, looked)
        looked.people += 1
    looked.seconds = time.perf_counter() - began
    github.close()
    return looked


def _look_at(github: Github, login: str, looked: Looked) -> None:
    person = github.get_user(login)
    looked.add("profile")
    _, accounts = github.requester.requestJsonAndCheck("GET", f"/users/{login}/social_accounts")
    looked.add("link", len(accounts))
    repositories = list(person.get_repos(type="owner", sort="pushed"))[:REPOSITORIES]
    for place, repository in enumerate(repositories):
        _look_into(repository, looked, files=place < FILES_OF)
    _look_at_contributions(github, person, looked)


def _look_into(repository: Repository, looked: Looked, *, files: bool) -> None:
    looked.add("repository")
    looked.add("topic", len(repository.get_topics()))
    looked.add("language", len(repository.get_languages()))
    if _there(repository.get_latest_release):
        looked.add("release")
    if not files:
        return
    if _there(repository.get_readme):
        looked.add("readme")
    if _there(lambda: repository.get_git_tree("HEAD", recursive=True)):
        looked.add("tree")
    for path in FILES:
        found = _there(lambda path=path: repository.get_contents(path))
        if not found:
            continue
        looked.add("file")
        for inside in found if isinstance(found, list) else []:
            if _there(lambda inside=inside: repository.get_contents(inside.path)):
                looked.add("file")


def _look_at_contributions(github: Github, person: NamedUser, looked: Looked) -> None:
    for what, query in (
        ("merged", f"is:pr is:merged author:{person.login}"),
        ("reviewed", f"is:pr is:merged reviewed-by:{person.login} -author:{person.login}"),
    ):
        looked.add(what, github.search_issues(query).totalCount)


def _there(ask: Any) -> Any:
    """What there is, or ``None`` where the answer says that there is nothing."""
    try:
        return ask()
    except GithubException as fault:
        if fault.status in (404, 409, 451):
            return None
        raise


def main() -> None:
    """Look up the people of the command line."""
    url, token, *logins = sys.argv[1:]
    looked = look_up(url, token, logins)
    print(json.dumps({"people": looked.people, "seconds": looked.seconds, "found": looked.found}))


if __name__ == "__main__":
    main()
