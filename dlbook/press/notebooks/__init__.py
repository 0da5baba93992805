"""Pages as Jupyter notebooks: the text as Markdown, the code as cells."""
