"""Bring in what other systems counted: donations of GiveWP, payments of Stripe, any table of gifts."""
