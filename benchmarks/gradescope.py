"""One grading run on Gradescope against starting Python with numpy there: processor time, the median ratio of paired
runs in a rehearsal; and how long the image takes to build, and how large the zip is.

Run it with `make bench`, or alone, as root: `.venv/bin/python benchmarks/gradescope.py`.
"""

from __future__ import annotations

import os
import re
import statistics
import sys
import tempfile
from pathlib import Path

from autograder.gradescope.bundle import make_gradescope_zip
from autograder.gradescope.settings import Settings
from autograder.gradescope.tryout import Rehearsal, rehearse
from autograder.load.assignment import load_assignment

ROOT = Path(__file__).resolve().parent.parent
RUNS = 15
AIM = 4.0
NUMPY = """OMP_NUM_THREADS=1 {python} -I -c "import sys; sys.path.insert(0, '{root}/source/site'); import numpy" """


def processor_time(rehearsal: Rehearsal, command: str) -> float:
    """Seconds of all processes that a command starts in there, as the shell that started it has seen them."""
    said = rehearsal.run(["bash", "-c", f"{command}; times"])
    *told, _, children = said.splitlines()
    assert not told, said
    return sum(60 * float(minutes) + float(seconds) for minutes, seconds in re.findall(r"(\d+)m([\d.]+)s", children))


def main() -> None:
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    here = f"{sys.version_info.major}.{sys.version_info.minor}"
    with tempfile.TemporaryDirectory() as folder:
        bundle = make_gradescope_zip(
            load_assignment("backprop"), Settings("backprop", 5), Path(folder, "autograder.zip"), [here]
        )
        with rehearse(bundle.path) as rehearsal:
            print(f"zip {bundle.megabytes:.1f} MB for Python {here}; built in {rehearsal.build.seconds:.1f} s", end=" ")
            print(f"in {rehearsal.build.box} ({rehearsal.build.machine})")
            rehearsal.hand_in(ROOT / "solutions" / "backprop" / "solution.py")
            pairs = []
            for _ in range(RUNS):
                numpy = processor_time(rehearsal, NUMPY.format(python=rehearsal.python, root=rehearsal.root))
                pairs.append((numpy, processor_time(rehearsal, f"{rehearsal.root}/run_autograder")))
            assert rehearsal.read_results()["score"] == 100
    numpy, run = (statistics.median(times) for times in zip(*pairs))
    ratio = statistics.median(run / numpy for numpy, run in pairs)
    print(
        f"one grading run: {1e3 * run:.0f} ms of processor time, {ratio:.1f} x Python with numpy ({1e3 * numpy:.0f} ms)"
    )
    print(f"  aim: at most {AIM}")


if __name__ == "__main__":
    main()
