"""A client of remote signing providers that speak the API of the Cloud Signature Consortium (2.0.0.2, and 1.0.4.0)."""
