"""Which articles of an archive a suspect was made from, and which sentence from which."""
