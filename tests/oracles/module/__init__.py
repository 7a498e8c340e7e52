"""The safety oracle: programs that know their own fix, run before and after on a stand-in for jax."""
