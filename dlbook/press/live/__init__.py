"""Pages that run in the reader's browser: what a cell depends on, what is stored for it, and the stage it runs on."""
