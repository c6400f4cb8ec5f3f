"""Tells other systems what happened: signed calls from the outbox, tried again until they arrive."""
