"""Works are cited and listed."""
