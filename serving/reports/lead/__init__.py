"""One lead, and how its score came to be."""
