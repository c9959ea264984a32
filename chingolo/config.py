"""The configuration as one typed, immutable tree, read strictly before any job starts.

Types and descriptions only: values live in ``config/*.yaml`` and reach the jobs through ``params:``,
where Snakemake tracks them. So no rule declares this module as an input.
"""

import difflib
from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated, Any, Literal, NamedTuple, get_args, get_origin, get_type_hints

from pydantic import ConfigDict, Field, TypeAdapter, ValidationError
from pydantic.fields import FieldInfo

from chingolo.errors import InputError, shown, together

World = Literal["simulated", "songs", "field"]
SourceName = Literal["zonotrichia", "wappner-2018", "arneodo-2018", "ostrowski-2026"]
TractName = Literal[
    "zonotrichia", "zonotrichia-5khz", "wappner-2018", "arneodo-2018", "ostrowski-2026",
    "trachea", "cavity", "none",
]  # fmt: skip


def _f(unit: str, text: str, **limits: Any) -> Any:
    """Describe one key: its unit, what it is, its limits."""
    return Field(description=text, json_schema_extra={"unit": unit}, **limits)


Share = Annotated[float, Field(ge=0, le=1)]
NonNegative = Annotated[float, Field(ge=0, le=20)]
Positive = Annotated[float, Field(gt=0, le=20)]
Range = tuple[float, float]


class Study(NamedTuple):
    """The study as a whole."""

    title: Annotated[str, _f("", "name of the study, on the paper", min_length=1)]
    seed: Annotated[int, _f("", "the one seed everything random is drawn from", ge=0)]


class Simulated(NamedTuple):
    """World `simulated`: a park of birds that copy each other, with known truth."""

    birds: Annotated[int, _f("birds", "territories, a singing male each", ge=10, le=100_000)]
    first_year: Annotated[int, _f("year", "year of the notebook", ge=0, le=9999)]
    last_year: Annotated[int, _f("year", "year of the recordings", ge=1, le=9999)]
    burn_in: Annotated[
        int, _f("years", "before the first year, to reach a steady state", ge=0, le=100_000)
    ]
    survival: Annotated[
        float,
        _f("chance", "that a male lives on for a year (Song Sparrow, a resident relative: "
           "Sandercock & Jaramillo 2002; none is published for the chingolo)", ge=0, lt=1),
    ]  # fmt: skip
    dispersal_m: Annotated[
        float,
        _f("m", "from hatching place to territory, standard deviation along each axis (our choice; "
           "juveniles are little attached to a site: Sagario et al. 2014)", ge=0),
    ]  # fmt: skip
    neighbours: Annotated[
        int,
        _f("territories", "side of the square of territories whose birds a young male hears (odd)",
           ge=1, le=99),
    ]  # fmt: skip
    conformity: Annotated[
        float, _f("", "power by which the common is preferred; 1: neutral copying", ge=0, le=10)
    ]
    invention: Annotated[
        float,
        _f("chance", "that a learner sings a new theme (Swamp Sparrow: Lachlan et al. 2018)",
           ge=0, le=1),
    ]  # fmt: skip
    immigration: Annotated[
        float,
        _f("chance", "that a vacancy is filled from outside, with a new theme (our choice)",
           ge=0, le=1),
    ]  # fmt: skip
    drift_hz: Annotated[
        float, _f("Hz", "copying error of a note's frequencies, standard deviation", ge=0)
    ]
    drift_s: Annotated[float, _f("s", "copying error of a note's length, standard deviation", ge=0)]
    noted: Annotated[int, _f("birds", "birds the observer notes down in the first year", ge=1)]
    recorded: Annotated[int, _f("birds", "birds recorded in the last year", ge=1)]
    heard_per_theme: Annotated[int, _f("songs", "field songs a theme to score the judge on", ge=1)]
    histories: Annotated[
        int, _f("", "further histories simulated, to see which themes survive", ge=1)
    ]
    trials: Annotated[int, _f("", "histories whose notebooks are judged, beside the truth", ge=2)]

    @property
    def years(self) -> int:
        """Years from the notebook to the recordings."""
        return self.last_year - self.first_year

    @property
    def loss(self) -> float:
        """Chance that whoever fills a vacancy copies none of the birds."""
        return 1.0 - (1.0 - self.invention) * (1.0 - self.immigration)


class Songs(NamedTuple):
    """World `songs`: real recordings named by a sheet, one enrolled song a theme."""

    recordings: Annotated[str, _f("file", "sheet of recordings (TSV)", min_length=1)]
    songs: Annotated[str, _f("file", "sheet of songs (TSV); empty: songs are found")]
    audio: Annotated[
        str,
        _f("folder", "where the audio lies; empty, or a file not there: downloaded from the sheet"),
    ]


class FieldStudy(NamedTuple):
    """World `field`: the user's own recordings and sketches."""

    recordings: Annotated[str, _f("file", "sheet of recordings (TSV)")]
    songs: Annotated[str, _f("file", "sheet of songs (TSV); empty: songs are found")]
    audio: Annotated[
        str, _f("folder", "where the audio lies; or its address, as a storage plugin names it")
    ]
    sketches: Annotated[
        str, _f("folder", "sketches as YAML, typed or beside scanned pages; empty: none")
    ]


class Reader(NamedTuple):
    """How recorded songs are read."""

    window_s: Annotated[float, _f("s", "window of the tracking spectrogram", gt=0, le=0.1)]
    hop_s: Annotated[float, _f("s", "step of the tracking spectrogram", gt=0, le=0.05)]
    low_hz: Annotated[float, _f("Hz", "lowest whistle", ge=500, le=10_000)]
    high_hz: Annotated[float, _f("Hz", "highest whistle", ge=500, le=10_000)]
    jump_hz: Annotated[float, _f("Hz", "usual change of pitch between two steps", gt=0)]
    snr_db: Annotated[float, _f("dB", "how far a whistle stands out of its band's noise", ge=0)]
    range_db: Annotated[
        float, _f("dB", "quietest whistle that is tracked, below the loudest", gt=0)
    ]
    note_range_db: Annotated[
        float, _f("dB", "a whistle ends where it has sunk so far below its own top", gt=0)
    ]
    closest_gap_s: Annotated[
        float, _f("s", "shorter silences, at one pitch, do not part two whistles", ge=0)
    ]
    shortest_s: Annotated[
        float, _f("s", "shortest whistle that is tracked; notes of themes are longer", gt=0)
    ]
    tolerance: Annotated[float, _f("share", "error of f0 allowed to a simple curve", gt=0, le=0.2)]


class Finder(NamedTuple):
    """How songs are found in uncut recordings."""

    low_hz: Annotated[float, _f("Hz", "lowest whistle looked for", ge=500, le=10_000)]
    high_hz: Annotated[float, _f("Hz", "highest whistle looked for", ge=500, le=10_000)]
    snr_db: Annotated[
        float, _f("dB", "how far a whistle stands out of its band's noise", ge=0, le=60)
    ]
    range_db: Annotated[
        float, _f("dB", "quietest note below its song, quietest song below the loudest", gt=0)
    ]
    longest_gap_s: Annotated[float, _f("s", "longest silence within a song", gt=0, le=2)]
    shortest_s: Annotated[float, _f("s", "shortest song", gt=0, le=10)]
    longest_s: Annotated[float, _f("s", "longest song", gt=0, le=10)]
    likeness: Annotated[float, _f("cosine", "least likeness of two songs of one bird", ge=0, le=1)]


class Singer(NamedTuple):
    """How the model bird sings."""

    source: Annotated[
        SourceName, _f("", "sound source: equation, gamma, pressures; a published set")
    ]
    tract: Annotated[TractName, _f("", "vocal tract: a set, a part of one, or none")]
    lead_s: Annotated[float, _f("s", "pressure rises so long before a note sounds", ge=0, le=0.05)]
    edge_s: Annotated[float, _f("s", "rise and fall of a note's sound", ge=0, le=0.05)]
    pitch_tremor: Annotated[
        float, _f("share", "tremor of the pitch, standard deviation", ge=0, le=0.1)
    ]
    level_tremor: Annotated[
        float,
        _f("share", "tremor of level, and pressure with it, standard deviation", ge=0, le=0.5),
    ]
    tremor_hz: Annotated[
        float, _f("Hz", "tremors are flat up to here, then fall by 12 dB an octave", gt=0, le=500)
    ]
    step: Annotated[float, _f("1/gamma", "longest Runge-Kutta step", gt=0, le=0.3)]


class Spread(NamedTuple):
    """How far surrogates stray from their theme; shares are standard deviations of logarithms.

    As measured between songs of one bird, but for tempo and pitch of the whole song, which birds keep
    and pens do not, and for the trill, which shall not tell the theme.
    """

    tempo: Annotated[
        float, _f("share", "whole song's tempo (birds: 0; a sketch's axis)", ge=0, le=1)
    ]
    duration: Annotated[float, _f("share", "each note's length", ge=0, le=1)]
    gap: Annotated[float, _f("share", "each gap's length", ge=0, le=1)]
    pitch: Annotated[
        float, _f("share", "whole song's pitch (birds: 0; a sketch's axis)", ge=0, le=1)
    ]
    note_pitch: Annotated[float, _f("share", "each note's pitch", ge=0, le=1)]
    sweep: Annotated[float, _f("share", "each note's sweep", ge=0, le=1)]
    level_db: Annotated[float, _f("dB", "each note's level", ge=0, le=20)]
    trill_step: Annotated[float, _f("share", "the trill's step", ge=0, le=1)]
    trill_count: Annotated[float, _f("share", "the trill's number of elements", ge=0, le=1)]
    trill_missing: Annotated[float, _f("chance", "that the trill is not sung", ge=0, le=1)]
    plain_level: Annotated[
        float, _f("chance", "that all notes are sung as loud, as a sketch is", ge=0, le=1)
    ]


class Place(NamedTuple):
    """Where surrogates are heard: ranges, uniformly drawn."""

    snr_db: Annotated[Range, _f("dB", "song over background, 1.5-9.5 kHz")]
    echo_s: Annotated[Range, _f("s", "time the echo takes to fall by 60 dB")]
    echo_db: Annotated[Range, _f("dB", "echo's energy relative to the song's")]
    distance_db_per_khz: Annotated[Range, _f("dB/kHz", "loss of high frequencies with distance")]
    noise_tilt: Annotated[Range, _f("", "made noise falls as 1/f to this power")]
    neighbour_share: Annotated[float, _f("chance", "that another bird whistles too", ge=0, le=1)]


class Picture(NamedTuple):
    """How a song becomes an image; one convention for all worlds."""

    rate_hz: Annotated[int, _f("Hz", "sampling rate of every sound", ge=20_000, le=96_000)]
    window: Annotated[int, _f("samples", "Hann window and FFT", ge=64, le=8192)]
    hop: Annotated[int, _f("samples", "step between columns", ge=16, le=8192)]
    bands: Annotated[int, _f("", "mel bands (rows)", ge=16, le=256)]
    frames: Annotated[int, _f("", "columns", ge=32, le=1024)]
    low_hz: Annotated[float, _f("Hz", "lowest band's lower edge", gt=0)]
    high_hz: Annotated[float, _f("Hz", "highest band's upper edge", gt=0)]
    range_db: Annotated[float, _f("dB", "black lies so far below the loudest point", gt=0, le=120)]
    floor_db: Annotated[float, _f("dB", "what rises less above its band's noise is black", ge=0)]
    margin_s: Annotated[float, _f("s", "sound kept before and after a song's cut", ge=0, le=1)]


class Surrogates(NamedTuple):
    """How many synthetic songs."""

    per_theme: Annotated[int, _f("songs", "sung for training, each theme", ge=2)]
    places: Annotated[int, _f("", "places each training song is heard in", ge=1)]
    outliers: Annotated[
        float, _f("", "pictures of themes that are none of the panel's, for each that is", gt=0)
    ]
    validation_per_theme: Annotated[int, _f("songs", "sung to calibrate on, each theme", ge=2)]
    shards: Annotated[int, _f("", "jobs that share the training songs", ge=1, le=10_000)]
    examples: Annotated[int, _f("songs", "kept as FLAC to listen to, each theme", ge=1, le=100)]


class Judge(NamedTuple):
    """The network and its training."""

    seeds: Annotated[int, _f("", "networks in the ensemble", ge=1, le=1000)]
    filters: Annotated[tuple[int, int, int, int], _f("", "filters of the four convolutions")]
    dropout: Annotated[float, _f("share", "of features silenced before the last layer", ge=0, lt=1)]
    epochs: Annotated[int, _f("", "passes over the training songs", ge=1)]
    batch: Annotated[int, _f("images", "averaged over for one step", ge=2)]
    learning_rate: Annotated[float, _f("", "peak of the one-cycle schedule", gt=0)]
    weight_decay: Annotated[float, _f("", "of AdamW", ge=0)]
    label_smoothing: Annotated[float, _f("share", "of a label spread over all themes", ge=0, lt=1)]
    shift_frames: Annotated[
        tuple[int, int], _f("frames", "shifts in time, uniformly drawn; cuts begin loosely")
    ]
    mask_bands: Annotated[int, _f("bands", "widest stripe blackened", ge=0)]
    mask_frames: Annotated[int, _f("frames", "longest stretch blackened", ge=0)]


class Baselines(NamedTuple):
    """The simpler learners that stand beside the judge."""

    per_theme: Annotated[int, _f("songs", "synthetic songs they learn from, each theme", ge=2)]
    steps: Annotated[int, _f("", "steps an epoch of the 2018 network, ten images each", ge=1)]
    epochs: Annotated[int, _f("", "epochs of the 2018 network", ge=1)]


Change = Literal["sine", "no-tract", "source-2018", "no-outliers", "too-wide"]


class Controls(NamedTuple):
    """What the judge is asked besides, and judges trained anew, briefly, with one thing changed."""

    snr_db: Annotated[
        tuple[float, ...], _f("dB", "noise that heard songs are mixed with, below the song")
    ]
    changes: Annotated[
        tuple[Change, ...], _f("", "networks trained anew, beside one with nothing changed")
    ]
    per_theme: Annotated[int, _f("songs", "a network trained anew learns from, each theme", ge=4)]
    epochs: Annotated[int, _f("", "passes over these songs", ge=1)]
    spreads: Annotated[
        tuple[NonNegative, ...],
        _f("times", "`spread`, that networks are trained with", min_length=1),
    ]
    numbers: Annotated[
        tuple[Positive, ...],
        _f("times", "`per_theme`, in as many times fewer passes", min_length=1),
    ]
    enrolled: Annotated[
        int,
        _f(
            "songs",
            "of each theme, at most, that surrogates are made of; recordings only",
            ge=1,
            le=9,
        ),
    ]


class Pen(NamedTuple):
    """A hand that draws songs, its paper and scanner; errors are standard deviations."""

    note_hz: Annotated[float, _f("Hz", "error of each end of each note", ge=0, le=2000)]
    axis_share: Annotated[
        float, _f("share", "error of a whole sketch's frequency scale", ge=0, le=0.5)
    ]
    note_s: Annotated[float, _f("s", "error of each note's onset and end", ge=0, le=0.2)]
    time_share: Annotated[float, _f("share", "error of a whole sketch's time scale", ge=0, le=0.5)]
    tremor_hz: Annotated[float, _f("Hz", "wobble along a stroke", ge=0, le=500)]
    tremor_s: Annotated[float, _f("s", "wobble along a stroke", ge=0, le=0.05)]
    missing: Annotated[float, _f("chance", "that a weak note is left out", ge=0, le=1)]
    thickness_mm: Annotated[float, _f("mm", "thickness of strokes", ge=0.1, le=3)]
    pressure: Annotated[
        float, _f("share", "change of a stroke's thickness and darkness along it", ge=0, le=0.5)
    ]
    lifts: Annotated[float, _f("1/s", "gaps in a stroke", ge=0, le=10)]
    mark_mm: Annotated[float, _f("mm", "error of the axis marks on a page", ge=0, le=5)]
    rotation_deg: Annotated[float, _f("degrees", "largest rotation of a page", ge=0, le=10)]
    stains: Annotated[float, _f("stains", "on a page", ge=0, le=50)]
    shade: Annotated[float, _f("share", "unevenness of the light", ge=0, le=0.8)]
    dpi: Annotated[int, _f("dots an inch", "of the scan", ge=75, le=1200)]


class Pens(NamedTuple):
    """Three hands, from careful to careless."""

    low: Pen
    medium: Pen
    high: Pen


class Verdict(NamedTuple):
    """How the notebook is judged."""

    pen_draws: Annotated[int, _f("", "times each sketch is drawn and sung again", ge=1)]
    foreign: Annotated[
        int, _f("themes", "random themes of the species, for threshold and p", ge=20)
    ]
    false_matches: Annotated[
        float,
        _f("share", "of foreign sketches that may match at most, with 95 % confidence", gt=0, lt=1),
    ]
    versions: Annotated[
        int, _f("", "sketches of each panel theme that the judge's errors are measured on", ge=2)
    ]
    pen: Annotated[
        Literal["low", "medium", "high"], _f("", "hand that is assumed to have drawn the notebook")
    ]
    nulls: Annotated[
        int, _f("themes", "sung for each kind of notebook that should find no match", ge=4)
    ]
    null_notebooks: Annotated[int, _f("", "notebooks drawn from each kind's themes", ge=99)]


class Metric(NamedTuple):
    """The siamese networks that place songs, and what they learn from: themes of nobody."""

    families: Annotated[int, _f("", "families of random themes to learn from", ge=8)]
    members: Annotated[int, _f("themes", "in a family, which differ in one note", ge=2, le=8)]
    songs: Annotated[int, _f("songs", "of each theme", ge=2)]
    shards: Annotated[int, _f("", "jobs that share these songs", ge=1, le=10_000)]
    unseen: Annotated[
        int, _f("", "further families, to calibrate on, and as many to score on", ge=4)
    ]
    unseen_songs: Annotated[int, _f("songs", "of each of their themes", ge=2)]
    unseen_snr_db: Annotated[float, _f("dB", "of these songs over the background")]
    loss: Annotated[
        Literal["contrastive", "triplet", "multi-similarity", "proxy-anchor", "supervised-contrastive"],
        _f("", "of pytorch-metric-learning"),
    ]  # fmt: skip
    geometry: Annotated[Literal["euclidean", "poincare"], _f("", "space that songs are placed in")]
    dimensions: Annotated[int, _f("", "of that space", ge=2, le=1024)]
    together: Annotated[int, _f("families", "compared in one step", ge=2)]
    behind: Annotated[float, _f("share", "of the songs that another is heard behind", ge=0, le=1)]
    behind_level: Annotated[
        float, _f("share", "of its own brightness, at most, that it has there", ge=0, le=1)
    ]
    epochs: Annotated[int, _f("", "passes over the songs", ge=1)]
    learning_rate: Annotated[float, _f("", "peak of the one-cycle schedule", gt=0)]
    weight_decay: Annotated[float, _f("", "of AdamW", ge=0)]
    seeds: Annotated[int, _f("", "networks, whose distances are averaged", ge=1, le=100)]


class Discovery(NamedTuple):
    """Themes found in songs without labels."""

    smallest: Annotated[int, _f("songs", "that make a theme, at least", ge=2)]


class Domains(NamedTuple):
    """Networks that see songs alone, or drawings of them as well; and what tells a sketch from a song."""

    seeds: Annotated[int, _f("", "networks of each of the two", ge=1, le=100)]
    per_theme: Annotated[int, _f("songs", "they learn from, each theme; drawings as many", ge=2)]
    epochs: Annotated[int, _f("", "passes over these", ge=1)]
    paper: Annotated[bool, _f("", "whether drawings keep the paper's uneven light and stains")]
    neighbours: Annotated[int, _f("", "of each point that UMAP keeps together", ge=2)]


class Symbol(NamedTuple):
    """A letter of the primer's world."""

    name: Annotated[str, _f("", "how the symbol is called", min_length=1, max_length=12)]
    pixels: Annotated[
        tuple[tuple[Literal[-1, 1], ...], ...],
        _f("", "rows of the screen, from the top; 1: inked, -1: not"),
    ]


class Descent(NamedTuple):
    """One way of walking down a gradient."""

    batch: Annotated[int, _f("pictures", "averaged over for one step; 0: all", ge=0)]
    learning_rate: Annotated[float, _f("", "share of the gradient that a step takes", gt=0)]
    epochs: Annotated[int, _f("", "passes over the pictures", ge=1)]
    step_us: Annotated[
        float,
        _f("us", "time a step takes, for the axis of time; as `make bench-primer` measured it, and "
           "written here so that the figure is the same in every build", gt=0),
    ]  # fmt: skip


class Descents(NamedTuple):
    """Three ways, on the same pictures; the learned network of the primer goes the second."""

    full: Descent
    mini: Descent
    stochastic: Descent


class Primer(NamedTuple):
    """What a network is, from four pixels up."""

    steps: Annotated[int, _f("", "of gradient descent on four pixels", ge=1)]
    learning_rate: Annotated[float, _f("", "share of the gradient that each takes", gt=0)]
    starts: Annotated[int, _f("", "random filters it starts from", ge=1)]
    symbols: Annotated[
        tuple[Symbol, ...],
        _f("", "the larger world's alphabet: name and pixels of each, on one size of screen", min_length=2),
    ]  # fmt: skip
    filters: Annotated[int, _f("", "filters that are learned", ge=1, le=64)]
    examples: Annotated[int, _f("pictures", "of each symbol, to learn from", ge=1)]
    example_flips: Annotated[
        float, _f("chance", "that a pixel of these is turned over", ge=0, lt=0.5)
    ]
    flips: Annotated[
        tuple[Share, ...], _f("chance", "that a pixel is turned over in pictures asked about")
    ]
    asked: Annotated[int, _f("pictures", "of each symbol, at each chance", ge=1)]
    seeds: Annotated[int, _f("", "networks trained each way", ge=1)]
    descents: Descents


class Tracking(NamedTuple):
    """MLflow."""

    uri: Annotated[str, _f("URI", "tracking server; empty: SQLite beside the results")]
    experiment: Annotated[str, _f("", "name of the experiment", min_length=1)]


class Config(NamedTuple):
    """The whole study."""

    study: Study
    worlds: Annotated[tuple[World, ...], _f("", "worlds to build", min_length=1)]
    noise: Annotated[str, _f("folder", "recorded backgrounds (WAV, FLAC, MP3); empty: made noise")]
    simulated: Simulated
    songs: Songs
    field: FieldStudy
    reader: Reader
    finder: Finder
    singer: Singer
    spread: Spread
    place: Place
    picture: Picture
    surrogates: Surrogates
    judge: Judge
    baselines: Baselines
    controls: Controls
    pens: Pens
    verdict: Verdict
    metric: Metric
    discovery: Discovery
    domains: Domains
    primer: Primer
    device: Annotated[
        Literal["auto", "cpu", "cuda"],
        _f("", "where networks are computed; auto: on a GPU, if the job's machine has one"),
    ]
    deposit: Annotated[
        str,
        _f("", "where `snakemake deposit` puts paper, numbers and crate, as a storage plugin names it; "
           "empty: results/deposit"),
    ]  # fmt: skip
    container: Annotated[
        str,
        _f("", "image that holds all environments, made from envs/Dockerfile; empty: none"),
    ]
    tracking: Tracking


SNAKEMAKE_KEYS = ("pathvars",)
"""Top-level keys that Snakemake itself reads from a config file."""


def parse(plain: Mapping[str, Any], source: str = "config") -> Config:
    """Read a configuration strictly.

    Parameters
    ----------
    plain : mapping
        As YAML gives it.
    source : str
        Named in the error.

    Returns
    -------
    Config

    Raises
    ------
    InputError
        Unknown or missing keys, wrong types, values out of range: all of them, each with its key; or, where
        there are none, what is not consistent.
    """
    known = {key: value for key, value in plain.items() if key not in SNAKEMAKE_KEYS}
    try:
        config = _ADAPTER.validate_python(known, strict=False)
    except ValidationError as error:
        raise together(_told(error.errors(), source)) from None
    _consistent(config, source)
    return config


def _told(errors: Sequence[Any], source: str) -> list[InputError]:
    """Make one error of each fault; a misspelt key is both unknown and missing, and is told once."""
    unknown = {one["loc"][:-1] for one in errors if _fault(one) == "unknown key"}
    seen: dict[str, InputError] = {}
    for one in errors:
        if _fault(one) == "missing key" and one["loc"][:-1] in unknown:
            continue
        within = [o for o in errors if o is not one and o["loc"][: len(one["loc"])] == one["loc"]]
        if (
            one["type"] == "too_short" and within
        ):  # too short since what is wrong in it does not count
            continue
        place = list(one["loc"])
        while place and isinstance(place[-1], int):  # of a list's values the first that is wrong
            place.pop()
        key = ".".join(map(str, place))
        seen.setdefault(key, InputError(f"{source}, key {key}", _fault(one), _cure(one)))
    return list(seen.values())


def _fault(fault: Any) -> str:
    if fault["type"] in ("unexpected_keyword_argument", "extra_forbidden"):
        return "unknown key"
    if fault["type"] in ("missing_argument", "missing"):
        return "missing key"
    return f"{shown(fault['input'])} is refused ({fault['msg']})"


def _cure(fault: Any) -> str:
    path = [part for part in fault["loc"] if isinstance(part, str)]
    if _fault(fault) == "unknown key":
        names = [key.split(".")[-1] for key, _, _, _ in describe()] + list(Config._fields)
        near = difflib.get_close_matches(path[-1], names, 1)
        return f"write {near[0]!r}" if near else "remove it, or see workflow/documentation.md"
    for key, unit, text, _ in describe():
        if key == ".".join(path):
            return f"give {text}" + (f", in {unit}" if unit else "")
    return "see the table of keys in workflow/documentation.md"


def _consistent(config: Config, source: str) -> None:
    """Refuse values that are each allowed and together are not."""
    for name in Place._fields[:-1]:
        low, high = getattr(config.place, name)
        if low > high:
            raise InputError(
                f"{source}, key place.{name}", f"{low} > {high}", "write the lower value first"
            )
    for section, low, high in (
        ("finder frequencies", config.finder.low_hz, config.finder.high_hz),
        ("finder lengths", config.finder.shortest_s, config.finder.longest_s),
        ("reader", config.reader.low_hz, config.reader.high_hz),
        ("picture", config.picture.low_hz, config.picture.high_hz),
    ):
        if low >= high:
            raise InputError(f"{source}, key {section}", f"{low} >= {high}", "swap the two values")
    for section, settings in (("reader", config.reader), ("finder", config.finder)):
        if settings.low_hz + 500.0 > min(settings.high_hz, 0.48 * config.picture.rate_hz):
            raise InputError(
                f"{source}, key {section}",
                "leaves less than 500 Hz to look for whistles in",
                "lower low_hz, or raise high_hz or picture.rate_hz",
            )
    park = config.simulated
    if park.first_year >= park.last_year:
        raise InputError(
            f"{source}, key simulated.last_year", "is not after first_year", "write a later year"
        )
    if park.neighbours % 2 == 0:
        raise InputError(
            f"{source}, key simulated.neighbours", f"{park.neighbours} is even", "write an odd one"
        )
    rows = range(park.neighbours, int(park.birds**0.5) + 1)
    if not any(park.birds % k == 0 and park.birds <= 2 * k * k for k in rows):
        raise InputError(
            f"{source}, key simulated.birds",
            f"{park.birds} territories make no park of like sides that holds {park.neighbours} a side",
            "write the product of two like numbers, as 180 = 12 x 15",
        )
    if config.picture.high_hz > config.picture.rate_hz / 2:
        raise InputError(
            f"{source}, key picture.high_hz", "lies above half the sampling rate", "lower it"
        )
    _readable(config.primer.symbols, source)
    if (config.metric.loss, config.metric.geometry) == ("proxy-anchor", "poincare"):
        raise InputError(
            f"{source}, key metric.loss",
            "proxies do not stay in the Poincare ball",
            "choose another loss, or geometry: euclidean",
        )
    if len(set(config.worlds)) != len(config.worlds):
        raise InputError(f"{source}, key worlds", "a world is named twice", "name it once")


def _readable(symbols: tuple[Symbol, ...], source: str) -> None:
    """Refuse symbols that no screen of one size, or no reader, could tell apart."""
    seen: dict[object, str] = {}
    width = len(symbols[0].pixels[0]) if symbols[0].pixels else 0
    height = len(symbols[0].pixels)
    for k, symbol in enumerate(symbols):
        key = f"{source}, key primer.symbols.{k}"
        sizes = {len(row) for row in symbol.pixels}
        if sizes != {width} or len(symbol.pixels) != height or min(width, height) < 5:
            raise InputError(
                key,
                f"{symbol.name!r} is not drawn on the screen of the first symbol, or it is smaller than 5 x 5",
                f"write {max(height, 5)} rows of {max(width, 5)} pixels",
            )
        for one, what in ((symbol.name, "name"), (symbol.pixels, "drawing")):
            if one in seen:
                raise InputError(
                    key, f"has the {what} of {seen[one]!r}", "change it, or remove one of the two"
                )
            seen[one] = symbol.name


def _annotation(owner: type, name: str) -> tuple[Any, FieldInfo | None]:
    hint = get_type_hints(owner, include_extras=True)[name]
    if get_origin(hint) is Annotated:
        kind, *extras = get_args(hint)
        return kind, next((e for e in extras if isinstance(e, FieldInfo)), None)
    return hint, None


def describe(owner: type = Config, prefix: str = "") -> Iterator[tuple[str, str, str, str]]:
    """List every key of the configuration.

    Yields
    ------
    key, unit, description, limits : str
    """
    for name in owner._fields:  # type: ignore[attr-defined]
        kind, info = _annotation(owner, name)
        if isinstance(kind, type) and hasattr(kind, "_fields"):
            yield from describe(kind, f"{prefix}{name}.")
            continue
        unit = ""
        text, limits = "", ""
        if info is not None:
            extra = info.json_schema_extra
            unit = str(extra["unit"]) if isinstance(extra, dict) else ""
            text = info.description or ""
            limits = ", ".join(str(m) for m in info.metadata)
        yield f"{prefix}{name}", unit, text, limits


def table(values: Config) -> str:
    """Markdown table of every key with its unit, default and description."""
    lines = ["| key | default | unit | what it is |", "| --- | --- | --- | --- |"]
    for key, unit, text, _ in describe():
        value: Any = values
        for part in key.split("."):
            value = getattr(value, part)
        shown = "(empty)" if value == "" else str(value)
        lines.append(f"| `{key}` | {shown} | {unit} | {text} |")
    return "\n".join(lines)


_ADAPTER: TypeAdapter[Config] = TypeAdapter(
    Config, config=ConfigDict(extra="forbid", allow_inf_nan=False)
)
