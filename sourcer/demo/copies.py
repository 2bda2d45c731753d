"""The copies of sites that a demonstration serves, and how each gets into its configuration."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from types import TracebackType
from typing import ClassVar, Protocol, Self

__all__ = ["SiteCopy", "filled", "serving"]


class SiteCopy(Protocol):
    """A copy of a site on the loopback interface, which serves while its context is open.

    Attributes:
        name: Its section of the configuration is ``[connectors.NAME]``.
        title: What people call the site.
        requests: How many have come so far.
    """

    name: ClassVar[str]
    title: ClassVar[str]
    requests: int

    def settings(self) -> Mapping[str, str]:
        """What the configuration has to say about it while it serves: ``url``, ``token`` …."""

    def __enter__(self) -> Self:
        """Begin to serve."""

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End."""


@contextmanager
def serving(copies: Sequence[SiteCopy]) -> Iterator[None]:
    """Let all of them serve."""
    with ExitStack() as stack:
        for copy in copies:
            stack.enter_context(copy)
        yield


def filled(template: str, copies: Sequence[SiteCopy]) -> str:
    """A configuration in which ``@NAME.SETTING@`` is what the copy of that name says; all of them must be serving."""
    for copy in copies:
        for setting, value in copy.settings().items():
            template = template.replace(f"@{copy.name}.{setting}@", value)
    return template
