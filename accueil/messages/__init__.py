"""Messages to people who asked for them: e-mails and text messages about their own day."""
