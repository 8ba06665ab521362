"""The official forms of a class, printed from what stands in the gradebook."""
