"""The signing desk that tracking and transcripts share: frozen lists, channels, chunks, reports. Knows no side."""
