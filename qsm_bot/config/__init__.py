"""What the user sets: settings, language, secrets, and the saved sign-in."""
