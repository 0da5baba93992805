"""The book's figures, drawn by functions in one style.

Every drawing function returns the matplotlib `Figure` that it drew into, also where it was given an `ax`, so
that a call can be the last line of a page's block. Annotators such as `label_line` return what they added.
matplotlib is imported when a function of this package is first taken, not before.
"""

from typing import TYPE_CHECKING

from dlbook._lazy import attach

if TYPE_CHECKING:
    from dlbook.plot.curves import cost_surface as cost_surface
    from dlbook.plot.curves import function_curve as function_curve
    from dlbook.plot.curves import training_curve as training_curve
    from dlbook.plot.curves import v_curve as v_curve
    from dlbook.plot.graph import computational_graph as computational_graph
    from dlbook.plot.images import digit_panel as digit_panel
    from dlbook.plot.images import image_grid as image_grid
    from dlbook.plot.images import show_image as show_image
    from dlbook.plot.images import show_matrix as show_matrix
    from dlbook.plot.images import show_vector as show_vector
    from dlbook.plot.images import weight_image as weight_image
    from dlbook.plot.palette import ACTIVATION as ACTIVATION
    from dlbook.plot.palette import DATA as DATA
    from dlbook.plot.palette import GRADIENT as GRADIENT
    from dlbook.plot.palette import INK as INK
    from dlbook.plot.palette import MUTED as MUTED
    from dlbook.plot.palette import ORANGE as ORANGE
    from dlbook.plot.palette import PALETTE as PALETTE
    from dlbook.plot.palette import PAPER as PAPER
    from dlbook.plot.palette import PARAMETER as PARAMETER
    from dlbook.plot.palette import SKY as SKY
    from dlbook.plot.scores import score_histogram as score_histogram
    from dlbook.plot.scores import threshold_curve as threshold_curve
    from dlbook.plot.style import label_line as label_line
    from dlbook.plot.style import subplots as subplots
    from dlbook.plot.style import svg as svg

__getattr__, __dir__, __all__ = attach(
    __name__,
    {
        "ACTIVATION": "palette",
        "DATA": "palette",
        "GRADIENT": "palette",
        "INK": "palette",
        "MUTED": "palette",
        "ORANGE": "palette",
        "PALETTE": "palette",
        "PAPER": "palette",
        "PARAMETER": "palette",
        "SKY": "palette",
        "computational_graph": "graph",
        "cost_surface": "curves",
        "digit_panel": "images",
        "function_curve": "curves",
        "image_grid": "images",
        "label_line": "style",
        "score_histogram": "scores",
        "show_image": "images",
        "show_matrix": "images",
        "show_vector": "images",
        "subplots": "style",
        "svg": "style",
        "threshold_curve": "scores",
        "training_curve": "curves",
        "v_curve": "curves",
        "weight_image": "images",
    },
)
