"""Going to pages and signing in, by the program or by a person."""
