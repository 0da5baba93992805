"""What is wrong with a page: collected over the whole build, told with file and line."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class Problem:
    """One fault of a page.

    Args:
        page: The page's file, relative to the project.
        line: The line in that file, counted from 1.
        message: What is wrong, what was expected; further lines may hold a traceback.
    """

    page: str
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.page}:{self.line}: {self.message}"
