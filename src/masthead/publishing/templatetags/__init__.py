"""What templates of publishing may call."""
