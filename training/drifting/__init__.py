"""Whether the leads of today are still those that the champion learned from."""
