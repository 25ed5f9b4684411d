"""Accounts: people, sign-ins and the personal keys in their mails."""
