"""Numbers typed into prose by hand are found."""
