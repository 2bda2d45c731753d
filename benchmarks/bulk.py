"""How long the official bulk files take, at the size of whole sites: wall time, peak memory, ratio to a bare pass.

Each half invents its files, reads them with the connector in a child process, and passes over the same files with the
bare reader in the same run. Fails where memory goes above ``--most-mb``.

    .venv/bin/python benchmarks/bulk.py dump                    (Stack Overflow, a million users, three million posts)
    .venv/bin/python benchmarks/bulk.py kaggle                  (Meta Kaggle, a million users)
    .venv/bin/python benchmarks/bulk.py kaggle --users 100000
"""

from __future__ import annotations

import argparse
import sys
from types import ModuleType
from typing import Final

from benchmarks import meta_kaggle, stackexchange_dump

HALVES: Final[dict[str, ModuleType]] = {"dump": stackexchange_dump, "kaggle": meta_kaggle}
"""By subcommand: a module with ``add_options`` and ``run``."""


def main() -> int:
    """Run one half."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    halves = parser.add_subparsers(dest="half", required=True)
    for name, half in HALVES.items():
        half.add_options(halves.add_parser(name, help=(half.__doc__ or "").partition("\n")[0]))
    options = parser.parse_args()
    code: int = HALVES[options.half].run(options)
    return code


if __name__ == "__main__":
    sys.exit(main())
