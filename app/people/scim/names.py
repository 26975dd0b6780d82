"""Names of the protocol and of the register's own extensions: what doors are described with, before the protocol is loaded."""

from typing import Final

MEDIA_TYPE: Final = "application/scim+json"
"""RFC 7644, section 8.1."""

USER: Final = "urn:ietf:params:scim:schemas:core:2.0:User"
GROUP: Final = "urn:ietf:params:scim:schemas:core:2.0:Group"
ENTERPRISE: Final = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
OFFICIAL: Final = "urn:ietf:params:scim:schemas:extension:qinqing:2.0:User"
UNIT: Final = "urn:ietf:params:scim:schemas:extension:qinqing:2.0:Group"
