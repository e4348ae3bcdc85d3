"""Charts as SVG: lines, bars and dots over axes, without a library and without a script.

Every chart is a whole file that follows the reader's light or dark, says its title, what it shows and every value to
screen readers and to the pointer, and can be put into a page as it is.
"""

from configuration.kit.charts.frame import Band, Scale
from configuration.kit.charts.kinds import Plot, Series, bars, dots, lines

__all__ = ["Band", "Plot", "Scale", "Series", "bars", "dots", "lines"]
