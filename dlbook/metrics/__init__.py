"""How good predictions are: of classes, of numbers, and whether probabilities mean what they say."""

from typing import TYPE_CHECKING

from dlbook._lazy import attach

if TYPE_CHECKING:
    from dlbook.metrics.calibration import CalibrationCurve as CalibrationCurve
    from dlbook.metrics.calibration import calibration_curve as calibration_curve
    from dlbook.metrics.calibration import (
        expected_calibration_error as expected_calibration_error,
    )
    from dlbook.metrics.classification import RocCurve as RocCurve
    from dlbook.metrics.classification import accuracy as accuracy
    from dlbook.metrics.classification import confusion_matrix as confusion_matrix
    from dlbook.metrics.classification import f1_score as f1_score
    from dlbook.metrics.classification import precision as precision
    from dlbook.metrics.classification import recall as recall
    from dlbook.metrics.classification import roc_auc as roc_auc
    from dlbook.metrics.classification import roc_curve as roc_curve
    from dlbook.metrics.regression import mean_absolute_error as mean_absolute_error
    from dlbook.metrics.regression import mean_squared_error as mean_squared_error
    from dlbook.metrics.regression import r2_score as r2_score

__getattr__, __dir__, __all__ = attach(
    __name__,
    {
        "CalibrationCurve": "calibration",
        "RocCurve": "classification",
        "accuracy": "classification",
        "calibration_curve": "calibration",
        "confusion_matrix": "classification",
        "expected_calibration_error": "calibration",
        "f1_score": "classification",
        "mean_absolute_error": "regression",
        "mean_squared_error": "regression",
        "precision": "classification",
        "r2_score": "regression",
        "recall": "classification",
        "roc_auc": "classification",
        "roc_curve": "classification",
    },
)
