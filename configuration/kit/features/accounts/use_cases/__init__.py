"""What people do with accounts: plain functions over a transaction, without HTTP and without waiting.

Those that must leave a trace when they fail (a wrong password, a stale refresh token, a wrong code) return a verdict;
raising would undo the trace.
"""
