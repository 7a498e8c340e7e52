"""Programs of statements and expressions put into one another at random: no fix may change what they do."""
