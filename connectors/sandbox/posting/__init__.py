"""Senders that sign and post webhooks: good ones, repeated ones, forged ones."""
