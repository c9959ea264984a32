"""Count what of the notebook is still sung."""

from chingolo.archive import read_notebook
from chingolo.files import write_json
from chingolo.logs import job_log
from chingolo.persistence import persistence, read_rulings
from chingolo.runs import run_key
from chingolo.seeds import generator

with job_log(snakemake.log[0]):
    inputs, simulated = snakemake.input, snakemake.params.simulated
    rulings = read_rulings(inputs.verdicts)
    fates = [sketch.fate for sketch in read_notebook(inputs.notebook)]
    rng = generator(snakemake.params.seed, "bootstrap", snakemake.wildcards.world)
    counted = persistence(rulings, fates, simulated.generations, simulated.invention, rng)
    settings = [simulated.generations, simulated.invention, snakemake.params.seed]
    key = run_key(snakemake.rule, snakemake.wildcards, inputs, settings)
    write_json(snakemake.output.persistence, {"run": key, **counted})
