"""What templates show: values prepared from rows, without a query of their own."""
