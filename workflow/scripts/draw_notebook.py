"""Draw what was noted on pages, each theme once, with a pen's errors."""

from pathlib import Path

from chingolo.archive import read_notebook, write_themes
from chingolo.logs import job_log, progress
from chingolo.notebook_pages import SONGS_A_PAGE, draw_notebook, write_page

with job_log(snakemake.log[0]):
    noted = read_notebook(snakemake.input.noted)
    pen, folder = snakemake.params.pen, Path(snakemake.output.pages)
    folder.mkdir(parents=True, exist_ok=True)
    pages = draw_notebook(noted, pen, snakemake.params.seed)
    drawn = {}
    for name, page in progress(pages, -(-len(noted) // SONGS_A_PAGE), "pages drawn"):
        write_page(folder, name, page, pen.dpi)
        drawn |= page.drawn
    write_themes(snakemake.output.drawn, drawn)
