"""The world as GitHub's REST API shows it: shapes, pages, redirects and refusals."""

from __future__ import annotations

from sourcer.demo.rest.routes import Rest, route_of

__all__ = ["Rest", "route_of"]
