"""Where keys live: one interface, one module per channel."""
