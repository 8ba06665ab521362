"""Where revocation is asked: fetching lists and answers, and what the officer is alarmed by."""
