"""The press: the MkDocs plugin that executes, checks and typesets the book's pages."""
