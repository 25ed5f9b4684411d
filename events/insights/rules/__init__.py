"""Pure rules of reports: figures of a livestream, and trouble in calls as a pattern."""
