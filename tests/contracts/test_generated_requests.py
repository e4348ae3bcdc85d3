"""Generated requests to every operation, as everybody: no failure of ours, nothing the documents do not declare."""

import pytest

from configuration.kit.security.actor import Service
from tests.contracts.probing import TALLY
from tests.contracts.stage import EVERYBODY, Stage, held
from tests.reliability.installation import SERVICES


@pytest.mark.parametrize("role", EVERYBODY)
@pytest.mark.parametrize("service", SERVICES)
@pytest.mark.slow
class TestAnsweringGeneratedRequests:
    def test_every_answer_is_declared_and_none_is_a_failure(self, stage: Stage, service: Service, role: str) -> None:
        prober = stage.prober(service)

        findings = prober.probe(stage.address, token=lambda: stage.token(role, service), may=held(role))

        TALLY.add(findings)
        assert not findings.faults, f"{findings.report()}\n\n{stage.failures()}"
        assert findings.requests >= len(findings.statuses) > 5
