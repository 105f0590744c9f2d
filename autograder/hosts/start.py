"""The first file that runs on a host: `python -I start.py prairielearn`. Everything else is found from here."""

import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "package"))

from pathlib import Path

if __name__ == "__main__":
    if sys.argv[1:] == ["prairielearn"]:
        from autograder.hosts.prairielearn import main

        sys.exit(main(Path(HERE), os.environ))
    from autograder.hosts.github import main as main_on_github

    sys.exit(main_on_github(Path(HERE), Path.cwd(), os.environ))
