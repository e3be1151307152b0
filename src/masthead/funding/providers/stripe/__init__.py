"""Stripe: cards, wallets and debits through its hosted page."""
