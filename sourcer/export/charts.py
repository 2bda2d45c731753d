"""Charts of a shortlist as SVG that stands in the page itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from sourcer.domain import DIMENSIONS

__all__ = ["COLOURS", "Bar", "Mark", "evidence_over_time", "points_by_dimension"]

COLOURS: Final = {
    "coding": "#0B57A4",
    "lifecycle": "#D55E00",
    "cloud": "#00805F",
    "data": "#8F4B99",
    "communication": "#8A6D00",
}
"""One for each dimension: told apart by people who see colours otherwise, and dark enough on white."""

_FONT: Final = "Helvetica, Arial, 'Noto Sans', sans-serif"
_WIDTH: Final = 640
_LABEL_CHARS: Final = 28


@dataclass(frozen=True, slots=True)
class Bar:
    """One person's points by dimension."""

    label: str
    points: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Mark:
    """One piece of evidence of a person: when it happened, its strongest dimension and what it earns."""

    label: str
    day: date
    dimension: str
    points: float


def points_by_dimension(bars: Sequence[Bar]) -> str:
    """A bar a person, stacked by dimension."""
    import altair as alt  # noqa: PLC0415  # a second to load, and only reports need it

    labels = [_printable(bar.label) for bar in bars]
    rows = [
        {"person": label, "dimension": name, "points": round(bar.points.get(name, 0.0), 3), "place": place}
        for label, bar in zip(labels, bars, strict=True)
        for place, name in enumerate(DIMENSIONS)
    ]
    chart = (
        alt.Chart(alt.InlineData(values=rows))
        .mark_bar(height={"band": 0.7})
        .encode(
            x=alt.X("points:Q", title="points", stack="zero", axis=alt.Axis(grid=True, tickMinStep=1)),
            y=alt.Y("person:N", sort=labels, title=None, axis=alt.Axis(labelLimit=260)),
            color=_colour(alt),
            order=alt.Order("place:Q"),
        )
        .properties(width=_WIDTH, height=alt.Step(22))
    )
    return _svg(chart)


def evidence_over_time(marks: Sequence[Mark], labels: Sequence[str]) -> str:
    """A line a person, a circle for each piece of evidence: the larger, the more it earns."""
    import altair as alt  # noqa: PLC0415

    rows = [
        {
            "person": _printable(mark.label),
            "day": mark.day.isoformat(),
            "dimension": mark.dimension,
            "points": round(mark.points, 3),
        }
        for mark in sorted(marks, key=lambda mark: (mark.label, -mark.points, mark.day, mark.dimension))
    ]
    chart = (
        alt.Chart(alt.InlineData(values=rows))
        .mark_circle(opacity=0.65)
        .encode(
            x=alt.X("day:T", title=None, axis=alt.Axis(format="%Y", tickCount="year", labelOverlap=True)),
            y=alt.Y(
                "person:N", sort=[_printable(label) for label in labels], title=None, axis=alt.Axis(labelLimit=260)
            ),
            size=alt.Size("points:Q", legend=None, scale=alt.Scale(range=[12, 260])),
            color=_colour(alt),
        )
        .properties(width=_WIDTH, height=alt.Step(22))
    )
    return _svg(chart)


def _colour(alt: Any) -> Any:
    return alt.Color(
        "dimension:N",
        scale=alt.Scale(domain=list(COLOURS), range=list(COLOURS.values())),
        legend=alt.Legend(orient="top", title=None),
    )


def _svg(chart: Any) -> str:
    import vl_convert  # noqa: PLC0415

    plain = chart.configure_view(stroke=None).configure(background="transparent", font=_FONT)
    svg: str = vl_convert.vegalite_to_svg(plain.to_dict())
    return svg


def _printable(label: str) -> str:
    """A label of printable characters: the converter ends the process over others."""
    text = "".join(char if char.isprintable() else " " for char in label)
    short = " ".join(text.split())
    return short if len(short) <= _LABEL_CHARS else f"{short[: _LABEL_CHARS - 1]}…"
