"""What staff tell people (notices) and what people tell staff (reports)."""
