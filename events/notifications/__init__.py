"""Notifications: mails and reminders. Listens to everyone below."""
