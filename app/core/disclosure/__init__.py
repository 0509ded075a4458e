"""What may leave: unprotected tallies and scores enter, numbers that single nobody out leave."""
