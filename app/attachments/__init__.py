"""Photos and receipts: received whole or in parts, told by their content, cleaned of what they tell of their makers, kept, and shown to whoever sees the declaration."""
