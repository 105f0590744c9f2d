"""Reports become text. Words for students stand in `words/`, and `feedback` alone chooses among them."""
