"""Feature `rescue`: alternatives for a person who waits in a call that no one else joined."""
