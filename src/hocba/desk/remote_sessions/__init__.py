"""Remote signing behind the desk's port: sessions with a provider, and the job that signs chunk by chunk."""
