"""Comparisons of published results: protected documents enter, differences with how sure they are leave.

Nothing here sees an unprotected number, so that no comparison can say more than what was published already.
"""
