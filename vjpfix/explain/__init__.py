"""The rules shown to people and programs: their table, and what each of them says about itself."""
