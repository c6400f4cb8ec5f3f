"""Fit against engagement."""
