"""What Gradescope runs: the zip, its installation, one grading run in it, and a rehearsal without the platform."""
