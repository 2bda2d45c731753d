"""How much of real data dumps the connector's reader uses, and why it leaves out the rest.

Each folder holds one site's dump. Prints for each the rows read and the rows not used by reason, then how many people
and pieces of evidence everybody who ever answered gives, and what is unknown of them. Nothing of the dumps is printed.

    .venv/bin/python benchmarks/stackexchange_dumps.py FOLDER...
"""

from __future__ import annotations

import sys
import tempfile
from collections import Counter
from pathlib import Path
from threading import Event

from sourcer.connect import Evidence, NotConfigured, Unknown
from sourcer_stackoverflow.dump.files import DumpFiles, find_tables
from sourcer_stackoverflow.dump.items import person_items
from sourcer_stackoverflow.dump.load import Choice, load_dump

_EVERYBODY = 10**9


def main(folders: list[Path]) -> int:
    """Read each folder; 1 where a row of one could not be read."""
    if not folders:
        print(__doc__)
        return 2
    return max(_read(folder) for folder in folders)


def _read(folder: Path) -> int:
    print(folder.name)
    try:
        return _count(find_tables(folder, ""))
    except NotConfigured as reason:
        print(f"  a crawl refuses it: {str(reason).removeprefix(f'{folder}: ')}")
    with tempfile.TemporaryDirectory() as name:
        # Its posts can be read all the same; nobody can be known.
        for path in folder.iterdir():
            (Path(name) / path.name).symlink_to(path)
        (Path(name) / "Users.xml").write_text("<users>\n</users>", encoding="utf-8")
        return _count(find_tables(Path(name), ""))


def _count(files: DumpFiles) -> int:
    dump = load_dump(files, Choice(wanted=lambda tags: True), Event())  # noqa: ARG005  # whatever the tags
    try:
        counts: Counter[str] = Counter()
        for account in dump.index.accounts(0, _EVERYBODY):
            for item in person_items(dump, "site", account):
                counts[item.kind if isinstance(item, Evidence) else type(item).__name__] += 1
                if isinstance(item, Unknown):
                    counts[f"unknown {item.what}"] += 1
    finally:
        dump.index.close()
    print(f"  {dump.ledger.summary()}")
    evidence = {name: number for name, number in sorted(counts.items()) if "." in name or name.startswith("unknown")}
    print(f"  {counts['Profile']} people; {', '.join(f'{name} {number}' for name, number in evidence.items())}")
    return int(dump.ledger.broken > 0)


if __name__ == "__main__":
    sys.exit(main([Path(name) for name in sys.argv[1:]]))
