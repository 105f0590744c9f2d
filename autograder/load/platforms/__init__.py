"""Where the student is in what a platform gives for download: one module a platform, and a table of them."""
