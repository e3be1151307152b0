"""What a phrase may become."""
