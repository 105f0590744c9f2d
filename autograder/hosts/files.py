"""What a host needs to grade an assignment, as files to upload: `host_files(host, assignment)`."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from autograder.errors import UsageError
from autograder.hosts.settings import FILE, SEED_VARIABLE, Settings
from autograder.own_files import package_files, public_files
from autograder.records import Assignment
from autograder.render.feedback import load_host_words
from autograder.render.prairielearn import not_gradable

HERE = Path(__file__).parent

COURSE_FOLDER = "backprop-grader"
"""Within `serverFilesCourse`: all questions share one grader."""

RUNNABLE = frozenset({"run.sh"})

QUESTION_PAGE = """<pl-question-panel>
  <p>Hand in your notebook, <code>{file}</code>.</p>
</pl-question-panel>
<pl-file-upload file-names="{file}"></pl-file-upload>
<pl-submission-panel>
  <pl-external-grader-results></pl-external-grader-results>
</pl-submission-panel>
"""


@dataclass(frozen=True)
class Host:
    """Where the files go, in words, and what makes them of an assignment and a seed."""

    title: str
    where: str
    keeps_seed: bool
    make: Callable[[Assignment, int], dict[str, bytes]]


def write_host_files(files: Mapping[str, bytes], folder: Path) -> None:
    """Write them below a folder that is new, or empty. Raises UsageError for any other, and OSError."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise UsageError(f"{folder} is not empty. Choose another folder with --out, or remove it.")
    for name, data in files.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(data)
        if file.name in RUNNABLE:
            file.chmod(0o755)


def _classroom50(assignment: Assignment, _seed: int) -> dict[str, bytes]:
    return {**_common(assignment), "autograder.py": (HERE / "autograder.py").read_bytes()}


def _prairielearn(assignment: Assignment, seed: int) -> dict[str, bytes]:
    shared = {
        **_common(assignment),
        "start.py": (HERE / "start.py").read_bytes(),
        "run.sh": (HERE / "run.sh").read_bytes(),
        "unfinished.json": _json(not_gradable(load_host_words(assignment.language)["unfinished"])),
    }
    page = QUESTION_PAGE.format(file=f"{assignment.name}.ipynb")
    return {
        **{f"serverFilesCourse/{COURSE_FOLDER}/{name}": data for name, data in shared.items()},
        f"questions/{assignment.name}/info.json": _json(_question(assignment, seed)),
        f"questions/{assignment.name}/question.html": page.encode(),
    }


def _question(assignment: Assignment, seed: int) -> dict[str, object]:
    return {
        "uuid": str(uuid.uuid5(uuid.NAMESPACE_URL, f"{COURSE_FOLDER}/{assignment.name}/{seed}")),
        "title": assignment.title,
        "topic": "Backpropagation",
        "tags": ["code"],
        "type": "v3",
        "gradingMethod": "External",
        "externalGradingOptions": {
            "enabled": True,
            "image": "prairielearn/grader-python",
            "serverFilesCourse": [f"{COURSE_FOLDER}/"],
            "entrypoint": f"/grade/serverFilesCourse/{COURSE_FOLDER}/run.sh",
            "timeout": 150,
            "environment": {SEED_VARIABLE: str(seed)},
        },
    }


def _github(assignment: Assignment, _seed: int) -> dict[str, bytes]:
    own = {**_common(assignment), "start.py": (HERE / "start.py").read_bytes()}
    return {
        **{f".github/grader/{name}": data for name, data in own.items()},
        ".github/workflows/grade.yml": (HERE / "grade.yml").read_bytes(),
    }


def _common(assignment: Assignment) -> dict[str, bytes]:
    own = Settings(assignment.name).to_text().encode()
    return {**package_files("hosts"), **public_files(assignment), FILE: own}


def _json(document: object) -> bytes:
    return f"{json.dumps(document, indent=2, ensure_ascii=False)}\n".encode()


HOSTS: Mapping[str, Host] = {
    "classroom50": Host("Classroom 50", "CLASSROOM/autograders/ASSIGNMENT/", False, _classroom50),
    "prairielearn": Host("PrairieLearn", "the folder of your course", True, _prairielearn),
    "github": Host("GitHub Actions", "the root of the repository that students start from", False, _github),
}
"""By the name that the command line has for them. One that keeps a seed holds it where students cannot read it."""
