"""A collector of web events: what visitors of a site do, as lines in files, and the truth."""
