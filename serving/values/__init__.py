"""Single values as they are sent: read into what the model takes, or told what is wrong with them."""
