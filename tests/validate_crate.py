"""Validate a crate with roc-validator, offline; run by the Python of envs/check.txt.

JSON-LD contexts come from the rocrate package instead of the network: that of RO-Crate 1.3, a superset of
1.1's, with the addresses that 1.1 gave to Bioschemas' terms.
"""

import sys
from importlib.resources import files

import requests
from rocrate_validator import models, services
from rocrate_validator.utils.http import HttpRequester

CONTEXT = (files("rocrate") / "data/ro-crate.jsonld").read_bytes()


class Offline:
    """Answers for the network: RO-Crate's context, and nothing else."""

    def get(self, url: str, **_: object) -> requests.Response:
        answer = requests.Response()
        known = "/ro/crate/" in url and url.endswith("/context")
        answer.status_code, answer.url = (200 if known else 504), url
        answer._content = CONTEXT.replace(b"bioschemas.org/terms/", b"bioschemas.org/")
        answer.headers["Content-Type"] = "application/ld+json"
        return answer

    head = get

    def close(self) -> None:
        """Nothing is open."""


def faults(folder: str, profile: str) -> list[str]:
    HttpRequester.__initialize_session__ = lambda self, *_: setattr(self, "session", Offline())
    settings = services.ValidationSettings(
        rocrate_uri=models.URI(folder),
        profile_identifier=profile,
        requirement_severity=models.Severity.REQUIRED,
    )
    return [str(issue.message) for issue in services.validate(settings).get_issues()]


if __name__ == "__main__":
    found = faults(*sys.argv[1:])
    print("\n".join(found))
    sys.exit(bool(found))
