"""Management of assignments."""
