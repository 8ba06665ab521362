"""Schools and their staff (đơn vị, nhân sự)."""
