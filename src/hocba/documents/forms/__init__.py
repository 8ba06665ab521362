"""Class-level official forms: values in, PDF or workbook out."""
