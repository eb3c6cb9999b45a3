"""Content in, bytes out: letters, summaries and workbooks. Knows neither the base nor the screens.

The modules import reportlab, pikepdf, pypdfium2 or openpyxl, a tenth of a second or more each:
import them in the function that needs them.
"""
