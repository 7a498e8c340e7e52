"""Text to facts: bindings, reads, primals, rules, transforms. Touches no file and no screen."""
