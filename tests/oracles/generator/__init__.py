"""The generator of programs that know their own fix: single modules, stacked decorators, cut paths, projects."""
