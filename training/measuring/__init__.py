"""What a model is worth: metrics, intervals, and the evaluation that reports show."""
