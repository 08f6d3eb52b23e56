"""整改与终止: letters that ask a supplier to mend something, and how its qualification is terminated."""
