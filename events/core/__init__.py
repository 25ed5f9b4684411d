"""What every feature stands on: settings, database, doors, jobs and mail. It knows no feature."""
