"""Files that come in parts over bad networks, by the tus protocol, version 1.0.0 (https://tus.io/protocols/resumable-upload)."""
