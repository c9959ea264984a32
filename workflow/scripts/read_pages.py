"""Read the notebook's pages, and score the reading against what was drawn."""

from pathlib import Path

from chingolo.archive import read_notebook, read_themes, write_notebook
from chingolo.figures import style
from chingolo.files import write_json
from chingolo.logged import logged_run, scalars
from chingolo.logs import job_log
from chingolo.notebook_pages import read_pages, score_pages, sketches_of, with_truth, write_checks
from chingolo.runs import run_key

with job_log(snakemake.log[0]):
    inputs, output = snakemake.input, snakemake.output
    folder = Path(output.sketches)
    folder.mkdir(parents=True, exist_ok=True)
    pages, faults = read_pages(sorted(Path(inputs.pages).glob("*.yaml")))
    for fault in faults:
        print(f"left out: {fault}")
    for page in pages:
        for song in page.songs:
            print(f"{song.name}: sure {song.sure:.2f}", *song.doubts, sep="; ")
    style.use(inputs.style)
    write_checks(pages, folder)
    files = [str(path) for path in sorted(Path(inputs.pages).iterdir()) if path.is_file()]
    files += [*inputs.code, inputs.drawn, inputs.noted]
    key = run_key(snakemake.rule, snakemake.wildcards, files)
    run = (inputs.store, snakemake.rule, snakemake.wildcards, key, {})
    with logged_run(*run) as (log, keep):
        scores = score_pages(pages, read_themes(inputs.drawn))
        log(0, scalars({k: v for k, v in scores.items() if k != "songs"}))
        write_json(output.scores, {"run": key, "unreadable": len(faults), **scores})
        keep([output.scores])
    notebook = with_truth(sketches_of(pages), read_notebook(inputs.noted))
    write_notebook(output.notebook, notebook)
