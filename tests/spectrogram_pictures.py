"""Spectrograms as books print them, and the digitizer's error on them: shared by tests and benchmark."""

import librosa
import numpy as np
import numpy.typing as npt

from chingolo.digitizer import ReadSong
from chingolo.ridge import Track

LOW_HZ, HIGH_HZ, RANGE_DB = 1000.0, 10_000.0, 40.0
PIXELS_S, PIXELS_KHZ = 400, 60


def picture_of(sound: npt.NDArray[np.float32], rate_hz: int) -> tuple[npt.NDArray[np.float32], str]:
    """Draw a grey spectrogram without axes, and the YAML beside it with two marks on each axis."""
    hop = rate_hz // PIXELS_S
    power = np.abs(librosa.stft(sound, n_fft=1024, win_length=512, hop_length=hop))
    db = librosa.amplitude_to_db(power, ref=np.max, top_db=RANGE_DB)
    f = librosa.fft_frequencies(sr=rate_hz, n_fft=1024)
    rows = np.arange(HIGH_HZ, LOW_HZ, -1000 / PIXELS_KHZ)
    image = np.stack([np.interp(rows, f, db[:, k]) for k in range(db.shape[1])], axis=1)
    x = [t * rate_hz / hop for t in (0.1, 1.0)]
    y = [(HIGH_HZ - hz) * PIXELS_KHZ / 1000 for hz in (2000.0, 8000.0)]
    notes = (
        f"image: x.png\ntime: [{{x: {x[0]}, s: 0.1}}, {{x: {x[1]}, s: 1.0}}]\n"
        f"frequency: [{{y: {y[0]}, khz: 2}}, {{y: {y[1]}, khz: 8}}]\n"
    )
    grey = np.round(np.clip(-image / RANGE_DB, 0, 1) * 255) / 255
    return grey.astype(np.float32), notes


def pitch_errors(read: ReadSong, track: Track) -> npt.NDArray[np.float64]:
    """Absolute errors of frequency in Hz, where the song's own track and a curve are both there."""
    errors = []
    loud = track.voiced & (track.level_db > -20)
    for time, hz in zip(track.time_s[loud], track.frequency_hz[loud], strict=True):
        at = [
            abs(float(np.interp(time, c.time_s, c.frequency_hz)) - hz)
            for c in read.curves
            if c.time_s[0] <= time <= c.time_s[-1]
        ]
        if at:
            errors.append(min(at))
    return np.array(errors or [np.inf])
