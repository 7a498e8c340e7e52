"""vjpfix: find and fix custom-derivative functions of JAX whose name was taken over by a transform."""

__version__ = "0.1.0"
