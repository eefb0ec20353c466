"""Documents the bot sends: what stands on them, and their drawing."""
