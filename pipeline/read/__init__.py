"""Turns a received file into words with boxes: text layer, form values or OCR."""

from pipeline.read.engine import Engine, OcrWord, engine_named
from pipeline.read.reading import VERSION, read_file

__all__ = ["VERSION", "Engine", "OcrWord", "engine_named", "read_file"]
