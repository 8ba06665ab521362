"""Marks, remarks, conduct and absences as entered, and the results they give."""
