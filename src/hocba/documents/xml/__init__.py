"""How values become canonical XML octets and come back: field grammar, schema checks, file assembly."""
