"""A derivation whose every line is evaluated: parsed, printed as formulas, checked on random inputs, laid out."""
