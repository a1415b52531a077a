"""The domain of Accueil commun: no Flask, no HTML, no request."""
