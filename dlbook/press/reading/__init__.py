"""A page is read once, line by line, before Markdown sees it."""
