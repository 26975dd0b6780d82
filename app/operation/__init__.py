"""What operators and their tools ask: does it live, is it ready, how does it fare, how is it used."""
