"""HTTP of the service: translate, nothing else."""
