"""Questions about JAX to a module: which names are taken over, which rules a function has."""
