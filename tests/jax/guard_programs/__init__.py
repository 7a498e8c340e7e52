"""Programs that the guard watches on real JAX: right ones, wrong ones, and how they are run."""
