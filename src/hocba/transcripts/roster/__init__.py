"""A dated copy of school, staff, pupils, and of what the Sở trusts; synchronised, never typed."""
