"""The surfaces: one module each. They parse, call one verb of `accueil`, and render.

`web`, `words` and `access` are not surfaces: every surface may import them, and no other.
"""
