"""The commands of `lmn`, one module each with `main(options) -> exit code`.

Belongs here: what is printed. Does not belong here: what is done with letters.
"""
