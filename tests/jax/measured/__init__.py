"""Small programs, as text, that show on real JAX what a rebinding does; and what measures them."""
