"""Core values become pictures, documents and words; nothing here reads a database or a clock."""
