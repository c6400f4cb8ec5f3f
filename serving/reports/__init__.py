"""What the reports say: each a typed object with all its numbers ready, for pages, CSV, JSON and notebooks alike."""
