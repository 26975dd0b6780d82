"""Who declared something of whom: the exposure to one counterparty with its group, and the network around somebody."""
