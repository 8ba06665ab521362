"""Several tasks of one person as one list: one PIN, one progress, one report."""
