"""What signing needs from outside: devices, providers, time-stamp units, revocation services. No Django."""
