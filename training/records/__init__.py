"""The only place that knows MLflow: records, registry, and the way from there to the service."""
