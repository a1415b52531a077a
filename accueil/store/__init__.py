"""Where the state lives. Only this package knows which database engine runs."""
