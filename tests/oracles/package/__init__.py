"""The oracle for packages: whole projects on disk that know their own fix, run before and after it."""
