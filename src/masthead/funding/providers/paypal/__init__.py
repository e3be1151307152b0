"""PayPal: balances, bank accounts and cards on its approve page, and repeated gifts by its subscriptions."""
