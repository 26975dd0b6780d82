"""One folder a kind of declaration, and one for the rules that sum across kinds."""
