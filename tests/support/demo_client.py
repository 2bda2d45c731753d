"""Asks the demonstration's copy of GitHub, as a client would."""

from __future__ import annotations

from typing import Any

import httpx

from sourcer.demo.github import TOKEN, GitHubServer

__all__ = ["ask", "post"]


def post(
    server: GitHubServer, query: str, variables: dict[str, Any] | None = None, headers: dict[str, str] | None = None
) -> httpx.Response:
    """Send one query over HTTP."""
    return httpx.post(
        f"{server.url}/graphql",
        json={"query": query, "variables": variables or {}},
        headers={"Authorization": f"Bearer {TOKEN}"} | (headers or {}),
        timeout=10,
    )


def ask(server: GitHubServer, query: str, **variables: Any) -> Any:
    """The body of the answer, which must have the status 200."""
    answer = post(server, query, variables)
    assert answer.status_code == 200
    return answer.json()
