"""What both teams promised each other, and what came of it."""
