"""Courriers: an outbox where nothing leaves unread."""
