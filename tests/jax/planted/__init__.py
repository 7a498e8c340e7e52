"""Programs with planted rebindings, whose truth is known by how they were made: what the guard is held to."""
