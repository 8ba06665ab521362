"""The assessment regulations, by circular. Standard library only."""
