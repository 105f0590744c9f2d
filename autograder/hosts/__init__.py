"""Other hosts than Gradescope: Classroom 50, PrairieLearn, and a plain repository on GitHub."""
