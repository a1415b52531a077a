"""The directory exchanged with others, in data·inclusion schema v1."""
