"""A payment processor that is nobody's: Stripe and PayPal for tests and rehearsals, in a process of its own.

A stranger to the product. It imports nothing of masthead, the product imports nothing of it; they meet over HTTP, as
they meet the real processors. It is stricter than those: what it does not play it refuses, by name.
"""
