"""Which model serves: the comparison with the champion, the decision, and who changes grade."""
