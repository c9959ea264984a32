"""Teach networks to tell symbols apart, from two on four pixels to an alphabet on a screen."""

import time

import torch

from chingolo.files import write_arrays, write_json
from chingolo.logged import logged_run
from chingolo.logs import job_log
from chingolo.primer import larger_screen, two_symbols
from chingolo.runs import run_key

with job_log(snakemake.log[0]):
    torch.set_num_threads(snakemake.threads)
    settings, seed = snakemake.params.primer, snakemake.params.seed
    used = [p for p in snakemake.input if p != snakemake.input.store]
    key = run_key(snakemake.rule, snakemake.wildcards, used, [settings, seed])
    run = (snakemake.input.store, snakemake.rule, snakemake.wildcards, key, {"primer": settings})
    with logged_run(*run, used) as (log, keep):
        began = time.perf_counter()
        pixels, walks = two_symbols(settings, seed)
        screen, layers = larger_screen(settings, seed, log)
        log(0, {"seconds": time.perf_counter() - began})
        numbers = {"run": key, "four_pixels": pixels, "screen": screen}
        write_json(snakemake.output.numbers, numbers)
        write_arrays(snakemake.output.arrays, {**walks, **layers})
        keep([snakemake.output.numbers])
