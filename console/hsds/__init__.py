"""The directory as open data: a public, read-only API after HSDS 3.0, and calendars of consultation hours."""
