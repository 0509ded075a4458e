"""What people do, one act per file: a verb, one transaction, the audit row in it."""
