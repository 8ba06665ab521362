"""A dated copy of people, classes, assignments and approved certificates; synchronised, never typed."""
