"""Evidence as a self-contained HTML page."""

from spindetect.report.page import comparison_page

__all__ = ["comparison_page"]
