"""Signing keys: made once, rotated without downtime, refused where they do not belong."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest

from configuration.kit.security.keys import GRACE, KeyRing, KeysRefused, key_faults, make_key, read_published
from tests.people import NOW


class TestFirstKey:
    """A development key is made at the first run, once."""

    def test_workers_that_start_at_once_share_one_key(self, tmp_path: Path) -> None:
        with ThreadPoolExecutor(8) as pool:
            rings = list(pool.map(lambda _: KeyRing("student", tmp_path / "keys", NOW), range(8)))

        assert len({ring.signing.public.kid for ring in rings}) == 1
        assert len(list((tmp_path / "keys").glob("*.jwk"))) == 1

    def test_nobody_else_can_read_it(self, tmp_path: Path) -> None:
        KeyRing("student", tmp_path / "keys", NOW)

        (path,) = (tmp_path / "keys").glob("*.jwk")
        assert path.stat().st_mode & 0o777 == 0o600
        assert path.parent.stat().st_mode & 0o777 == 0o700

    def test_its_name_is_its_thumbprint(self, tmp_path: Path) -> None:
        ring = KeyRing("student", tmp_path, NOW)

        (published,) = ring.jwks()["keys"]
        assert published["kid"] == ring.signing.public.kid == ring.signing.secret.thumbprint()

    def test_neither_jwks_nor_repr_holds_the_secret(self, tmp_path: Path) -> None:
        ring = KeyRing("student", tmp_path, NOW)

        secret = json.loads(next(tmp_path.glob("*.jwk")).read_text())["d"]
        assert secret not in json.dumps(ring.jwks())
        assert secret not in repr(ring.signing) + repr(ring.signing.public) + repr(ring.__dict__)


class TestRotation:
    """The former key stays published, and verifies until all its tokens have ended."""

    def test_a_new_key_signs_and_the_former_one_still_verifies(self, tmp_path: Path) -> None:
        ring = KeyRing("student", tmp_path, NOW)
        former = ring.signing.public.kid

        ring.rotate(NOW)

        kept = ring.find(former)
        assert ring.signing.public.kid != former
        assert kept is not None and kept.verifies(NOW + GRACE - timedelta(seconds=1))
        assert not kept.verifies(NOW + GRACE)
        assert former in [key["kid"] for key in ring.jwks()["keys"]]

    def test_another_worker_follows(self, tmp_path: Path) -> None:
        ring, other = KeyRing("student", tmp_path, NOW), KeyRing("student", tmp_path, NOW)
        generation = other.generation

        ring.rotate(NOW)
        other.refresh(at_once=True)

        assert other.signing.public.kid == ring.signing.public.kid
        assert other.generation == generation + 1

    def test_peers_learn_of_the_retirement(self, tmp_path: Path) -> None:
        ring = KeyRing("student", tmp_path, NOW)
        former = ring.signing.public.kid
        ring.rotate(NOW)

        read = {key.kid: key.retired_at for key in read_published(ring.jwks())}

        assert read == {former: NOW, ring.signing.public.kid: None}


class TestProduction:
    """Production refuses what is fine for development, all faults at once."""

    def test_a_missing_key_is_refused_and_not_made(self, tmp_path: Path) -> None:
        with pytest.raises(KeysRefused, match="no signing key"):
            KeyRing("student", tmp_path, NOW, production=True)

        assert not list(tmp_path.glob("*.jwk"))

    def test_a_development_key_is_refused(self, tmp_path: Path) -> None:
        KeyRing("student", tmp_path, NOW)

        with pytest.raises(KeysRefused, match="development key"):
            KeyRing("student", tmp_path, NOW, production=True)

    def test_all_faults_are_said_at_once(self, tmp_path: Path) -> None:
        KeyRing("student", tmp_path, NOW)
        next(tmp_path.glob("*.jwk")).chmod(0o644)

        assert len(key_faults("student", tmp_path)) == 2

    def test_a_key_made_on_purpose_is_fine_and_a_retired_development_key_too(self, tmp_path: Path) -> None:
        KeyRing("student", tmp_path, NOW)
        make_key(tmp_path, NOW)

        assert KeyRing("student", tmp_path, NOW, production=True).signing.development is False


class TestPublished:
    """What a peer publishes is read with care."""

    def test_other_kinds_of_keys_and_wrong_names_are_left_out(self, tmp_path: Path) -> None:
        good = KeyRing("student", tmp_path, NOW).jwks()["keys"][0]
        bad = [
            {**good, "kid": "another"},
            {"kty": "oct", "k": "c2VjcmV0", "kid": "x"},
            {"kty": "RSA", "n": "AQAB", "e": "AQAB", "kid": "y"},
            {**good, "crv": "X25519"},
            "no key",
        ]

        assert [key.kid for key in read_published({"keys": [*bad, good]})] == [good["kid"]]

    @pytest.mark.parametrize("document", [None, [], "keys", {"keys": {}}, {}, {"keys": [{"kty": "OKP"}]}])
    def test_nonsense_gives_no_keys(self, document: object) -> None:
        assert read_published(document) == []

    def test_a_key_that_is_no_key_is_left_out(self, tmp_path: Path) -> None:
        good = KeyRing("student", tmp_path, NOW).jwks()["keys"][0]

        assert [key.kid for key in read_published({"keys": [{**good, "x": "AAAA"}, good]})] == [good["kid"]]
