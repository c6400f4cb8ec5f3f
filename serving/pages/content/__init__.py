"""The page on contents."""
