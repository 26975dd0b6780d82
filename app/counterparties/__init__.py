"""The other side (往来对象): givers, hosts, issuers, organisations; their names, owners and relations to units."""
