"""Charts and the numbers behind them."""
