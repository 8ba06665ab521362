"""Reading a school's workbooks: bytes of Excel files in, values and problems out."""
