"""CSDL học bạ số of the school: transcript versions, signing desk, hand-out."""
