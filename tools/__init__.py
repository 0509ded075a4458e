"""Tools of those who work on Weerklank; nothing here is needed to run it."""
