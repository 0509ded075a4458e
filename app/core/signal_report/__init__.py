"""Signal reports: an adviser's cards enter, documents that may leave the vault come out, attacked before they do."""
