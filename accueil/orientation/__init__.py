"""From a need to an answer: who can help, here and now, here on another day, or elsewhere."""
