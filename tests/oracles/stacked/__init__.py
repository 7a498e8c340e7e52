"""Programs with transforms above the custom-derivative decorator, each beside the program that is meant."""
