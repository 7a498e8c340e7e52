"""What JAX's functions do: tables only, measured on real JAX, and no code that asks a program."""
