"""What generated histories are made of: a shop, processes that work on it, and their traps.

The flows and the ledger are the real ones; portal, network, clock and death are played.
Whatever arrives late arrives within the settle window.
"""
