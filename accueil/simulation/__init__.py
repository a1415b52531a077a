"""Days that never were: people and hosts drawn by chance, to try the house with."""
