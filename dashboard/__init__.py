"""The page on which an analyst reads the events. From pipeline it uses only what pipeline/__init__.py offers."""
