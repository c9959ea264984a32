"""The one error a user may meet: bad input, told in one line with its place and its cure."""


class InputError(ValueError):
    """Input that the study refuses.

    Parameters
    ----------
    place : str
        File, and row or key, that is wrong.
    fault : str
        What is wrong there.
    cure : str
        What the user can do about it.
    """

    def __init__(self, place: str, fault: str, cure: str) -> None:
        self.place, self.fault, self.cure = place, fault, cure
        super().__init__(f"{place}: {fault}. Cure: {cure}.")

    def __reduce__(self) -> tuple[type, tuple[str, str, str]]:
        return type(self), (self.place, self.fault, self.cure)
