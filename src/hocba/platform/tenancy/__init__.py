"""Rows that belong to a school: scoped querysets that fail closed, and row-level security behind them."""
