"""What the Sở keeps for good: class records, transcripts, and the log over them."""
