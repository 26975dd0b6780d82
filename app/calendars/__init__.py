"""Calendars (日程订阅): a secret link from which a calendar reads what is due, RFC 5545, without names or amounts."""
