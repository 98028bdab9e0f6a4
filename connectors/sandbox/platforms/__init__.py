"""The platforms that the sandbox speaks, one folder each; a folder with a `SERVICE` is served."""
