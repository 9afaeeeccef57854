"""Turns a received file into words with boxes: text layer, form values or OCR."""
