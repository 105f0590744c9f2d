"""Whose code is alike: pairs of submissions, and the places that they share and few others have. Never a verdict."""
