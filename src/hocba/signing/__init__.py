"""Signatures on XML and PDF, certificates, time stamps and trust. Bytes in, bytes or a report out."""
