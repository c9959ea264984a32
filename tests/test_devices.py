"""Where networks are computed: on a GPU if there is one, and never elsewhere than the study says."""

import numpy as np
import pytest
import torch

from chingolo import classifier, metric
from chingolo.config import Config
from chingolo.devices import device_of
from chingolo.errors import InputError
from chingolo.shards import Corpus, Item

GPU = torch.cuda.is_available()


def corpus(n: int = 60) -> Corpus:
    """Make pictures of two themes, a bar high and a bar low, and of none."""
    rng = np.random.default_rng(0)
    pictures = rng.integers(0, 40, (n, 64, 128), np.uint8)
    for k in range(n):
        if k % 3:
            pictures[k, 20 * (k % 3) : 20 * (k % 3) + 5] = 250
    names = ("none", "0-0", "1-0")
    return Corpus((pictures,), [Item(f"s{k}", names[k % 3], "train", 0) for k in range(n)])


def test_auto_is_the_cpu_where_there_is_no_gpu():
    assert device_of("auto").type == ("cuda" if GPU else "cpu")
    assert device_of("cpu").type == "cpu"


@pytest.mark.skipif(GPU, reason="this machine has a GPU")
def test_a_gpu_that_is_asked_for_and_is_not_there_is_told_of(config: Config):
    with pytest.raises(InputError, match=r"key device: 'cuda' is asked for.*write auto or cpu"):
        device_of("cuda")
    judge = config.judge._replace(epochs=1)
    with pytest.raises(InputError, match="key device"):
        classifier.fit(corpus(), corpus(9), ["0-0", "1-0"], judge, 1, device_name="cuda")
    with pytest.raises(InputError, match="key device"):
        metric.fit(corpus(), config.metric, judge, 1, device_name="cuda")


@pytest.mark.skipif(not GPU, reason="no GPU on this machine")
def test_a_gpu_gives_the_same_verdicts(config: Config, tmp_path):
    judge = config.judge._replace(epochs=6, batch=16)
    shown, names = corpus(300), ["0-0", "1-0"]
    for name in ("cpu", "cuda"):
        model = classifier.fit(shown, corpus(9), names, judge, 1, device_name=name)
        classifier.save(model, names, judge, tmp_path / f"{name}.pt")
    asked = corpus(90)
    # The same weights on both devices: answers differ by rounding alone.
    cpu, gpu = (
        classifier.ensemble_logits([str(tmp_path / "cpu.pt")], asked, name)[0]
        for name in ("cpu", "cuda")
    )
    np.testing.assert_allclose(gpu, cpu, atol=2e-3)
    # Trained on either: the same verdicts.
    other = classifier.ensemble_logits([str(tmp_path / "cuda.pt")], asked, "cuda")[0]
    assert (other.argmax(-1) == cpu.argmax(-1)).mean() > 0.98
    placer = metric.fused(metric.embedder(config.metric, judge))
    on_cpu, on_gpu = (metric.embed([placer], asked, name) for name in ("cpu", "cuda"))
    np.testing.assert_allclose(on_gpu, on_cpu, atol=1e-3)
