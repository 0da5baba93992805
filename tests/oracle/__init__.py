"""The library against PyTorch: live, and by values that PyTorch gave once and that are stored."""
