"""Who is calling, what they may do, and what a repeated request is answered."""
