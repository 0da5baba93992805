"""Real data that comes with the book, and what is done to data before training. Arrays in, arrays out."""

from typing import TYPE_CHECKING

from dlbook._lazy import attach

if TYPE_CHECKING:
    from dlbook.data.batch import Batches as Batches
    from dlbook.data.batch import batches as batches
    from dlbook.data.breast_cancer import BreastCancer as BreastCancer
    from dlbook.data.breast_cancer import load_breast_cancer as load_breast_cancer
    from dlbook.data.diabetes import Diabetes as Diabetes
    from dlbook.data.diabetes import load_diabetes as load_diabetes
    from dlbook.data.digits import Digits as Digits
    from dlbook.data.digits import load_digits as load_digits
    from dlbook.data.preparation import Standardizer as Standardizer
    from dlbook.data.preparation import flatten_images as flatten_images
    from dlbook.data.split import k_fold as k_fold
    from dlbook.data.split import train_test_split as train_test_split

__getattr__, __dir__, __all__ = attach(
    __name__,
    {
        "Batches": "batch",
        "BreastCancer": "breast_cancer",
        "Diabetes": "diabetes",
        "Digits": "digits",
        "Standardizer": "preparation",
        "batches": "batch",
        "flatten_images": "preparation",
        "k_fold": "split",
        "load_breast_cancer": "breast_cancer",
        "load_diabetes": "diabetes",
        "load_digits": "digits",
        "train_test_split": "split",
    },
)
