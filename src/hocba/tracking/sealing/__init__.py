"""Class records: compared, frozen, signed in order, sealed."""
