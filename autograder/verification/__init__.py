"""The assignment graded: what its solution, wrong examples, known mistakes and mutants say of its checks."""
