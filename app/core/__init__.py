"""The rules of the product as pure functions on frozen values: no web, no database, no clock, no randomness of its own."""
