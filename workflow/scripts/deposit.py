"""Copy the paper, its numbers and the crate, packed, to a storage of the user's."""

from pathlib import Path
from shutil import copyfile

from chingolo.logs import job_log
from chingolo.provenance import pack

with job_log(snakemake.log[0]):
    inputs, output = snakemake.input, snakemake.output
    given, wanted = [*inputs.documents, *inputs.numbers], [*output.documents, *output.numbers]
    for source, target in zip(given, wanted, strict=True):
        copyfile(source, target)
    pack(Path(inputs.crate), Path(output.crate))
