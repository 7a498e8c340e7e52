"""What holds for any file, whatever stands in it: no rule raises, and no fix does harm."""
