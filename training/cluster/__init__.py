"""Features, scoring and training on a Dask cluster: partitions of leads go to workers, which share a folder with us."""
