"""CSDL học bạ số of the city: approved certificates, archive, register, log."""
