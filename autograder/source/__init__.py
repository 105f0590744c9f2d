"""A submission, from its bytes to the definitions that are kept. Parsed, never run; in the worker."""
