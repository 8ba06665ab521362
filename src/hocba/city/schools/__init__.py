"""Schools, the certificates they declare and the Sở approves, and the authorities it trusts."""
