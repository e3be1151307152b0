"""What is computed from values alone."""
