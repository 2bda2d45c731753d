"""Terraform: the types of the resources that a configuration declares or reads."""

from __future__ import annotations

import re
from typing import Final

from sourcer_github.reading.clusters import chart_term
from sourcer_github.reading.shape import Reading, file_terms

__all__ = ["read_terraform"]

_BLOCK: Final = re.compile(
    r'^[ \t]*(?P<block>resource|data|provider)[ \t]+"(?P<type>[a-z][a-z0-9_-]{0,99})"', re.MULTILINE
)
_CHART: Final = re.compile(r'^[ \t]*chart[ \t]*=[ \t]*"(?P<name>[\w./:-]{1,200})"', re.MULTILINE)


def read_terraform(text: str) -> Reading:
    """``terraform:aws_sagemaker_endpoint`` for each type, ``terraform:aws`` for each provider, and Helm charts."""
    blocks = list(_BLOCK.finditer(text))
    terms = [f"terraform:{block['type']}" for block in blocks]
    terms += [term for found in _CHART.finditer(text) if (term := chart_term(found["name"]))]
    return file_terms(terms, {"resources": sum(block["block"] == "resource" for block in blocks)})
