"""Infrastructure that every feature builds on: settings, database, web, sockets, jobs, mail.
Imports no feature.
"""
