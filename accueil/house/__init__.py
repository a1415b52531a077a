"""The house: its sites and rooms, who offers what in it, and who may work at its screens."""
