"""The words of the demo shop's people: what customers say, what reps note down and write back."""
