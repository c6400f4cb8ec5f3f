"""The commands, one file per group; leadsift.py puts them together.

What costs time to import (MLflow, LightGBM, the HTTP service) is imported by the command that needs it.
"""
