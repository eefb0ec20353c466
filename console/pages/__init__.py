"""The public pages: the same facts as the bot's, without Telegram and without signing in."""
