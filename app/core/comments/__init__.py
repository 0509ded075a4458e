"""Comments of a scan: what respondents write in own words, read by advisers only, until themes of it leave."""
