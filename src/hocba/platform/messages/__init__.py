"""Messages between sides: outbox, inbox, evidence at both ends."""
