"""The command `grader`: one file per verb. Parses, calls one library function, prints, exits."""
