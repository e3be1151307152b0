"""The demo newsroom, The Saltmere Ledger: an invented paper that shows every part of Masthead at work."""
