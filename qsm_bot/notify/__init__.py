"""Messages to people who are not at the screen: what is worth one, when, and by which channel."""
