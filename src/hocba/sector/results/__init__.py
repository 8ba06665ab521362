"""Results as schools reported them, and their way back (kết chuyển)."""
