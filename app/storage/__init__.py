"""Tables and queries of the three databases; takes and gives core values."""
