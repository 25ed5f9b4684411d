"""People: who they are, how they sign in, and the personal keys in their mails."""
