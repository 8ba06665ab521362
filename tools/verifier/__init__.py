"""The single-file offline verifier: `python -m tools.verifier.build dist/hocba-verify.pyz`, or `make verifier`."""
