"""What the Land looks at: which districts have which offers, and how an amount is shared out."""
