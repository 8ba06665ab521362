"""What a class record still lacks, what of it stops the sealing, and who must act."""
