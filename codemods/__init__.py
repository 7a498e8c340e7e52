"""LibCST commands that do what `vjpfix fix --yes` does, for use inside a larger codemod run."""
