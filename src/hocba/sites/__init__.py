"""One settings file per side, and the wiring."""
