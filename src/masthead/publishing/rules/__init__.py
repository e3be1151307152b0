"""What is computed from values alone: pure functions, no Django."""
