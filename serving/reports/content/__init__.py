"""What leads took before their hand-over, and what it is worth."""
