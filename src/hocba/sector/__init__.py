"""CSDL ngành: schools, staff, pupils, class groups, assignments, results as reported."""
