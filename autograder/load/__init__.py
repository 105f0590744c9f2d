"""Files become records: an assignment's folder, a student's submission, a folder of them."""
