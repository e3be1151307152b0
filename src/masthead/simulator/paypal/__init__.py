"""PayPal as its REST API speaks: orders v2, payments v2, billing subscriptions v1, notifications v1, reporting v1."""
