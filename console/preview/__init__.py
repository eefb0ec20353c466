"""The preview: the bot in a chat page of the browser, over the same inbox as Telegram."""
