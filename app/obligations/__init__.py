"""What is due and from whom: campaigns, nil returns (零报告), obligations and their days, reminders, and what was not done in time."""
