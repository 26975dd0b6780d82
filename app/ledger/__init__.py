"""Every write leaves a line, in the same transaction; the Merkle log over the lines is built from their leaf hashes."""
