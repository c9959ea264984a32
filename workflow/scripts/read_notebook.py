"""Read the user's sketches: typed ones, and scanned pages."""

from pathlib import Path

from chingolo.archive import write_notebook
from chingolo.errors import together
from chingolo.figures import style
from chingolo.logs import job_log
from chingolo.notebook_pages import read_pages, sketches_of, write_checks
from chingolo.sketches import read_notebook, sort_sketches

with job_log(snakemake.log[0]):
    folder = Path(snakemake.output.sketches)
    folder.mkdir(parents=True, exist_ok=True)
    typed, scanned = sort_sketches([Path(path) for path in snakemake.input.sketches])
    notebook = read_notebook(typed)
    pages, faults = read_pages(scanned)
    if faults:
        raise together(faults)
    for song in [song for page in pages for song in page.songs]:
        print(f"{song.name}: sure {song.sure:.2f}", *song.doubts, sep="; ")
    style.use(snakemake.input.style)
    write_checks(pages, folder)
    write_notebook(snakemake.output.notebook, [*notebook, *sketches_of(pages)])
