"""Who teaches what to whom (phân công), and the roster as other sides get it."""
