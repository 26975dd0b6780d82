"""SCIM 2.0 (RFC 7643, RFC 7644): HR systems push persons and units."""
