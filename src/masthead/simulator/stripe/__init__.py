"""Stripe as version 2026-10-28.endive of its API speaks; the shapes are those of the official client."""
