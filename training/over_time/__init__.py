"""Honest over time: the backtest, and recalibration without retraining."""
