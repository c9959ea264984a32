"""Figure: themes found in songs without labels."""

from chingolo.figures import found_themes, style
from chingolo.files import read_arrays, read_json
from chingolo.logs import job_log
from chingolo.shards import open_corpus
from chingolo.unlabelled import with_song

with job_log(snakemake.log[0]):
    inputs = snakemake.input
    style.use(inputs.style)
    corpus = with_song(open_corpus([inputs.pictures], [inputs.index]))
    figure = found_themes.draw(
        read_arrays(inputs.arrays),
        read_json(inputs.scores),
        corpus.maps[0],
        snakemake.params.picture,
        snakemake.wildcards.world,
    )
    style.save(figure, snakemake.output.pdf, snakemake.output.png)
