"""The day at the desk: visits, their turns in queues, and the calls that the board sounds."""
