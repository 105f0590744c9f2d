"""Known mistakes: what each would return, and which of them explains a submission's wrong answers."""
