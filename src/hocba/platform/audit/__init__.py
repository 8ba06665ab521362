"""Who did what, when: append-only, without foreign keys, in the transaction of the change itself."""
