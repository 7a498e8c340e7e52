"""What generated programs are made of: forms by name, as text with holes that ``generator`` fills."""
