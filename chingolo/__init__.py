"""Are the songs of the sixties still sung? The science of the study, as functions of arrays.

Nothing in this package knows a path of the study, Snakemake or (outside :mod:`chingolo.tracking`)
MLflow: scripts under ``workflow/scripts`` read and write, these functions compute.
"""

__version__ = "0.1.0"
