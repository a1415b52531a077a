"""When partners are here: permanences as rules, their occurrences as rows."""
