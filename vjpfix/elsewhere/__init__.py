"""Facts that lie in two modules: a function with rules in one, and what another one does to its name."""
