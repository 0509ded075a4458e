"""Codes, receipts and passwords; randomness is passed in or made here, never in core."""
