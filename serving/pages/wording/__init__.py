"""Words, numbers and dates in the reader's language; the catalogue of each language in a folder of its name."""
