"""Places, postal codes and districts of Baden-Württemberg, and a resolver from free text to a district."""
