"""The guard: runs users' code and watches its custom derivatives. No other part of the package imports JAX.

Static commands import nothing of it. Its own modules import JAX no earlier than the program they watch does.
"""
