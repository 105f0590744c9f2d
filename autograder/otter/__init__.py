"""Full citizenship in otter-grader: its test files call us, and its grading run is ours. Otter is imported on use."""
