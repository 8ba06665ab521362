"""The door of the archive: everything is validated again before it is registered."""
