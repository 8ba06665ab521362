"""Counterparts that speak the real protocols, for the demo and the end-to-end tests only."""
