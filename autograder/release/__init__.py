"""What leaves the house: the handout that students receive, and a sample class to try the grader on."""
