"""Describe this build: a research object crate with code, results and runs, and a page on time and cost."""

from pathlib import Path
from tempfile import TemporaryDirectory

from chingolo.files import beside, read_json, write_json
from chingolo.logs import job_log
from chingolo.provenance import inputs_of, jobs, tree, write_crate
from chingolo.statement import build_record, typeset_statement

with job_log(snakemake.log[0]):
    inputs, params, root = snakemake.input, snakemake.params, Path()
    folder = Path(snakemake.output.folder)
    benchmarks = sorted(Path(snakemake.log[0]).parents[1].glob("benchmarks/*.tsv"))
    ran = jobs(benchmarks)
    numbers = read_json(inputs.numbers)
    build = build_record(Path(inputs.numbers), params.build, benchmarks, ran.values())
    results = [*inputs.documents, inputs.numbers, *inputs.sources, *inputs.tables, *inputs.figures]
    named = {f"results/{Path(p).relative_to(folder.parent).as_posix()}": Path(p) for p in results}
    code = tree(root, params.tree)
    given = inputs_of(inputs.given, code)
    heard = [row for path in inputs.heard for row in read_json(path)]
    with beside(snakemake.output.statement) as part:
        part.write_bytes(typeset_statement(Path(inputs.text), build))
    named["statement.pdf"] = Path(snakemake.output.statement)
    with TemporaryDirectory() as scratch:
        named["build.json"] = Path(scratch) / "build.json"
        write_json(named["build.json"], build)
        write_crate(folder, code, named, given, heard, numbers, ran, build)
