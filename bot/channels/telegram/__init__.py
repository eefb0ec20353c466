"""The Telegram channel: updates in (by polling or webhook), replies out."""
