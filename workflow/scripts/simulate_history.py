"""Simulate a park's songs from before 1966 to 2020, and what two observers note of them."""

import numpy as np

from chingolo.archive import write_notebook, write_themes
from chingolo.files import write_arrays
from chingolo.history import simulate_history
from chingolo.logs import job_log
from chingolo.population import TERRITORY_M

with job_log(snakemake.log[0]):
    settings, output = snakemake.params.simulated, snakemake.output
    history = simulate_history(settings, snakemake.params.seed)
    write_themes(output.themes, history.panel)
    write_themes(output.heard, history.heard)
    write_notebook(output.noted, history.notebook)
    park, labels = history.park, history.labels
    arrays = {
        "years": np.arange(settings.first_year, settings.last_year + 1),
        "themes": history.themes,
        "place_m": TERRITORY_M * park.place,
        "size_m": TERRITORY_M * np.array([park.columns, park.rows]),
        "noted": history.noted,
        "recorded": history.recorded,
        "names": np.array(list(labels), dtype=str),
        "labels": np.array(list(labels.values())),
        "origins": np.array([history.origins.get(name, "") for name in labels], dtype=str),
    }
    write_arrays(output.history, arrays)
