"""Charts that several pages share, and what draws them."""
