"""What is done to a file that somebody else made, in a process of its own whose memory and time are limited; nothing here knows of the register."""
