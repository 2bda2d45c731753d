"""What a process takes, as the benchmarks measure it: the parent starts it and waits for its end."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass

__all__ = ["Took", "measure"]


@dataclass(frozen=True, slots=True)
class Took:
    """What a process took: seconds by the clock and of the processor, peak memory in MB, exit code."""

    seconds: float
    processor: float
    peak: float
    code: int

    def __str__(self) -> str:
        return f"exit {self.code}, {self.seconds:.1f} s, processor {self.processor:.1f} s, peak {self.peak:.0f} MB"

    def times(self, bare: Took) -> str:
        """How much more that is than a bare pass over the same files took."""
        clock, processor = self.seconds / bare.seconds, self.processor / bare.processor
        return f"{clock:.1f} times the time and {processor:.1f} times the processor time of the bare pass"


def measure(command: Sequence[str]) -> Took:
    """Run a process to its end."""
    before = time.perf_counter()
    child = subprocess.Popen(command)
    _, status, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    peak = usage.ru_maxrss / (1e6 if sys.platform == "darwin" else 1024)
    return Took(time.perf_counter() - before, usage.ru_utime + usage.ru_stime, peak, child.returncode)
