"""Signals: what an adviser hears, as cards without a name; counted, laid beside a scan, never stored here."""
