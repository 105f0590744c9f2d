"""A folder of grades: what came of a class, kept line by line, and everything that is made of it."""

from __future__ import annotations

from autograder.grades.outputs import write_outputs
from autograder.grades.reading import read_gradebook

__all__ = ["read_gradebook", "write_outputs"]
