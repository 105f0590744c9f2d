"""Grade backward functions that were written by hand.

The floors, from the ground up, are drawn in CONTRIBUTING.md. This file imports nothing, because the worker
that runs student code passes through it.
"""

__version__ = "0.1.0"
