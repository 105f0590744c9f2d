"""Where in a student's code something happened, and what stood there."""
