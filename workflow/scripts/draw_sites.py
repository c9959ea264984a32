"""Figure: today's themes on a map of sites."""

from chingolo.figures import sites, style
from chingolo.files import read_json
from chingolo.logs import job_log
from chingolo.shards import open_corpus
from chingolo.sheets import Song
from chingolo.sites import sites as sites_of

with job_log(snakemake.log[0]):
    inputs = snakemake.input
    style.use(inputs.style)
    corpus = open_corpus([inputs.pictures], [inputs.index])
    pictures = {item.theme: corpus.maps[0][k] for k, item in enumerate(corpus.items)}
    places = sites_of(
        [Song(**row) for row in read_json(inputs.songs)], read_json(inputs.recordings)
    )
    figure = sites.draw(places, pictures, snakemake.params.picture, snakemake.wildcards.world)
    style.save(figure, snakemake.output.pdf, snakemake.output.png)
