"""Class record and transcript as data; data to XML and PDF; verification of both."""
