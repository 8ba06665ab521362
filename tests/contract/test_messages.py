"""The golden messages: what every side, and every other vendor's software, must write and read."""

from __future__ import annotations

import json
from typing import Any

import pytest

from hocba.exchange import messages
from hocba.signing import approvals
from tests.factories import messages as factory

EVERY = [pytest.param(message, id=messages.type_of(type(message))) for message in factory.every()]

OPTIONAL = {"ocsp", "trust_list", "trust_list_signature", "record"}  # of a trust bundle and a duty's end


def golden(message: Any) -> bytes:
    return factory.path_of(message).read_bytes()


class TestGoldenMessages:
    @pytest.mark.parametrize("message", EVERY)
    def test_are_read_as_the_value_they_were_written_from(self, message: Any) -> None:
        assert messages.from_bytes(type(message), golden(message)) == message

    @pytest.mark.parametrize("message", EVERY)
    def test_are_what_is_written_today(self, message: Any) -> None:
        assert messages.to_json(message) == json.loads(golden(message))

    @pytest.mark.parametrize("message", EVERY)
    def test_are_written_as_the_same_octets_every_time(self, message: Any) -> None:
        again = messages.from_bytes(type(message), messages.to_bytes(message))

        assert messages.to_bytes(again) == messages.to_bytes(message)

    @pytest.mark.parametrize("message", EVERY)
    def test_are_refused_with_an_unknown_field(self, message: Any) -> None:
        data = {**json.loads(golden(message)), "extra": 1}

        with pytest.raises(messages.MessageError, match="/extra: trường không có"):
            messages.from_json(type(message), data)

    @pytest.mark.parametrize("message", EVERY)
    def test_are_refused_as_another_type(self, message: Any) -> None:
        data = {**json.loads(golden(message)), "type": "other"}

        with pytest.raises(messages.MessageError, match="/type: phải là"):
            messages.from_json(type(message), data)

    @pytest.mark.parametrize("message", EVERY)
    def test_are_refused_when_any_required_field_is_missing(self, message: Any) -> None:
        data = json.loads(golden(message))
        required = [
            name
            for name in data
            if name not in {"type", "since", "xml", "pdf", "record", "replaced_by", *OPTIONAL}
        ]
        if isinstance(message, messages.Receipt):
            required += ["xml", "pdf", "record"]

        for name in required:
            with pytest.raises(messages.MessageError, match=f"/{name}: thiếu"):
                messages.from_json(type(message), {key: value for key, value in data.items() if key != name})

    def test_have_one_file_for_every_type_and_no_other(self) -> None:
        expected = {factory.path_of(message) for message in factory.every()}

        assert set(factory.FOLDER.iterdir()) == expected


class TestApprovedCertificates:
    def test_are_what_the_verifier_reads_from_the_trust_folder(self) -> None:
        (message,) = [each for each in factory.every() if isinstance(each, messages.ApprovedCertificates)]

        school, found = approvals.read_register(messages.to_bytes(message))

        assert school == message.school
        assert [(each.sha256, each.holder, each.valid_until) for each in found] == [
            (each.sha256, each.holder, each.valid_until) for each in message.certificates
        ]
