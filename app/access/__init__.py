"""Who is calling, and what they may do: API keys, OIDC tokens, scopes."""
