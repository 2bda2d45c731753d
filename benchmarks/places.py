"""How well free-text places become countries, on what people really write.

Where a place ends with a country's name ("Kraków, Poland"), the rest alone ("Kraków") must lead to the same country, or
to none. The file is a CSV with a column ``location``; that of the data beside the project is read where it lies.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from sourcer.places import country_of

LOCATIONS = Path(__file__).resolve().parents[2] / "shared/data/stackoverflow_users/so-users-2021-12.csv.gz"


def locations(path: Path) -> Iterator[str]:
    """What stands in the column, without what is empty."""
    with gzip.open(path, "rt", encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            if place := row["location"].strip():
                yield place


def without_country(place: str) -> tuple[str, str] | None:
    """The place without its last part, and the country that this part names; ``None`` where it names none."""
    rest, comma, last = place.rpartition(",")
    country = country_of(last.strip()) if comma else None
    # A part that is read alike without it is a country's name; "TX" alone is nothing.
    return (rest.strip(), country) if country and rest.strip() else None


def main() -> None:
    """Print the shares."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("path", nargs="?", type=Path, default=LOCATIONS)
    written = list(locations(parser.parse_args().path))
    country_of("Warsaw")  # the tables are read once
    began = time.perf_counter()
    found = [country_of(place) for place in written]
    each = (time.perf_counter() - began) / len(written)
    verdicts: Counter[str] = Counter()
    for place in written:
        if known := without_country(place):
            told = country_of(known[0])
            verdicts["right" if told == known[1] else "unknown" if told is None else "wrong"] += 1
    print(f"{len(written)} places, {sum(map(bool, found)) / len(written):.3f} with a country, {each * 1e6:.0f} µs each")
    print(f"without the country's name: {dict(verdicts)} of {verdicts.total()}")


if __name__ == "__main__":
    main()
