"""Serving: one command starts the web server and the worker, keeps both running and ends both."""
