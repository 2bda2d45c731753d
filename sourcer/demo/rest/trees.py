"""Files, folders and commits in the shapes of the REST API."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from typing import Any, Final

from sourcer.demo.fields.common import living
from sourcer.demo.fields.trees import BRANCH, Blob, Commit, Entry, Tree, commits, entries, git_object, oid
from sourcer.demo.model import SITE_GITHUB, Repository
from sourcer.demo.rest.owners import simple
from sourcer.demo.rest.reply import Refused, Reply, moment

__all__ = ["commit", "contents", "git_tree", "readme"]

_RAW: Final = ("application/vnd.github.raw", "application/vnd.github.raw+json", "application/vnd.github.v3.raw")
_MOST_CONTENT: Final = 1_000_000
"""Bytes up to which ``content`` holds a file."""
_MOST_ENTRIES: Final = 1_000
"""Of a folder; the rest is left out without a word."""


def _links(one: Blob | Tree, base: str) -> dict[str, Any]:
    name = one.repository.name_with_owner
    kind, page = ("blobs", "blob") if isinstance(one, Blob) else ("trees", "tree")
    url = f"{base}/repos/{name}/contents/{one.path}?ref={BRANCH}"
    git, html = f"{base}/repos/{name}/git/{kind}/{oid(one)}", f"{SITE_GITHUB}/{name}/{page}/{BRANCH}/{one.path}"
    raw = f"https://raw.githubusercontent.com/{name}/{BRANCH}/{one.path}" if isinstance(one, Blob) else None
    links = {"self": url, "git": git, "html": html}
    return {"url": url, "git_url": git, "html_url": html, "download_url": raw, "_links": links}


def _described(one: Blob | Tree, base: str) -> dict[str, Any]:
    file = isinstance(one, Blob)
    return {
        "type": "file" if file else "dir",
        "name": one.path.rpartition("/")[2],
        "path": one.path,
        "sha": oid(one),
        "size": len(one.data) if isinstance(one, Blob) else 0,
    } | _links(one, base)


def _file(blob: Blob, base: str, accept: str) -> Reply:
    if any(accept.startswith(one) for one in _RAW):
        return Reply(raw=blob.data, headers={"content-type": f"{_RAW[1]}; charset=utf-8"})
    whole = len(blob.data) <= _MOST_CONTENT
    content = base64.encodebytes(blob.data).decode() if whole else ""
    return Reply(_described(blob, base) | {"encoding": "base64" if whole else "none", "content": content})


def contents(repository: Repository, path: str, base: str, accept: str) -> Reply:
    """``content-file`` or ``content-directory``.

    Raises:
        Refused: 404: nothing is there.
    """
    if not repository.files:
        raise Refused(404, "This repository is empty.")
    found = git_object(repository, {"expression": f"HEAD:{path}"})
    if isinstance(found, Blob):
        return _file(found, base, accept)
    if isinstance(found, Tree):
        return Reply([_described(one.object, base) for one in list(entries(found))[:_MOST_ENTRIES]])
    raise Refused(404, "Not Found")


def readme(repository: Repository, base: str, accept: str) -> Reply:
    """The ``content-file`` that introduces the repository.

    Raises:
        Refused: 404: there is none.
    """
    path = next((one for one in repository.files if one.lower().startswith("readme")), None)
    if path is None:
        raise Refused(404, "Not Found")
    return _file(Blob(repository, path), base, accept)


def git_tree(repository: Repository, sha: str, base: str, *, recursive: bool) -> Reply:
    """``git-tree``, of a branch, a commit or a folder.

    Raises:
        Refused: 409: the repository is empty; 404: there is no such tree.
    """
    if not repository.files:
        raise Refused(409, "Git Repository is empty.")
    tree = _tree(repository, sha)
    if tree is None:
        raise Refused(404, "Not Found")
    start = f"{tree.path}/" if tree.path else ""
    items = [_item(one, start, base) for one in _walk(tree, recursive=recursive)]
    url = f"{base}/repos/{repository.name_with_owner}/git/trees/{oid(tree)}"
    return Reply({"sha": oid(tree), "url": url, "tree": items, "truncated": False})


def _tree(repository: Repository, sha: str) -> Tree | None:
    root = Tree(repository, "")
    if sha in ("HEAD", BRANCH, oid(root)) or any(oid(one) == sha for one in commits(repository)):
        return root
    folders = (one.object for one in _walk(root, recursive=True))
    return next((one for one in folders if isinstance(one, Tree) and oid(one) == sha), None)


def _walk(tree: Tree, *, recursive: bool) -> Iterator[Entry]:
    for one in entries(tree):
        yield one
        if recursive and isinstance(one.object, Tree):
            yield from _walk(one.object, recursive=True)


def _item(entry: Entry, start: str, base: str) -> dict[str, Any]:
    one = entry.object
    kind = "blob" if isinstance(one, Blob) else "tree"
    item = {
        "path": entry.path.removeprefix(start),
        "mode": "100644" if kind == "blob" else "040000",
        "type": kind,
        "sha": oid(one),
        "url": f"{base}/repos/{one.repository.name_with_owner}/git/{kind}s/{oid(one)}",
    }
    return item | {"size": len(one.data)} if isinstance(one, Blob) else item


def commit(one: Commit, base: str) -> dict[str, Any]:
    """``commit``; whose author has no account today has none."""
    author = living(one.author)
    url = f"{base}/repos/{one.repository.name_with_owner}"
    sha, tree = oid(one), oid(Tree(one.repository, ""))
    who = {"name": one.author.name or one.author.login if one.author is not None else "somebody"}
    signed = who | {"email": "somebody@users.noreply.example", "date": moment(one.at)}
    account = simple(author, base) if author is not None else None
    return {
        "url": f"{url}/commits/{sha}",
        "sha": sha,
        "node_id": f"C_{sha[:20]}",
        "html_url": f"{SITE_GITHUB}/{one.repository.name_with_owner}/commit/{sha}",
        "comments_url": f"{url}/commits/{sha}/comments",
        "commit": {
            "url": f"{url}/git/commits/{sha}",
            "author": signed,
            "committer": signed,
            "message": one.message,
            "comment_count": 0,
            "tree": {"sha": tree, "url": f"{url}/git/trees/{tree}"},
        },
        "author": account,
        "committer": account,
        "parents": [],
    }
