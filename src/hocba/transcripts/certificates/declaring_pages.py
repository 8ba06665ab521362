"""The pages on which a school declares certificates, and sees what became of them."""

from __future__ import annotations

import base64
import binascii
from typing import TYPE_CHECKING, Any

from django.contrib import messages as notices
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from hocba.platform.accounts.guards import actor_of, requires
from hocba.platform.answers import json_answer
from hocba.signing import certificate_files, certificates
from hocba.signing.approvals import POSITIONS
from hocba.signing.instants import iso
from hocba.transcripts.certificates import actions
from hocba.transcripts.certificates.candidates import OF_PERSONS, Choice, Examiner
from hocba.transcripts.certificates.standings import STATE_BADGES, TITLES, list_standings
from hocba.transcripts.roles import Permission

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from cryptography import x509
    from django.core.files.uploadedfile import UploadedFile
    from django.http import HttpRequest, HttpResponse

    from hocba.transcripts.certificates.candidates import Candidate
    from hocba.transcripts.certificates.standings import Standing

MOST_FILES = 60
MOST_DECLARED = 100
"""Certificates in one declaration; a school has some sixty signers."""

_HOLDS_KEY = (
    "có chứa khóa bí mật, hoặc là loại tệp dùng để chứa khóa bí mật (.p12, .pfx, .key): không nhận và không lưu lại. "
    "Chỉ tải lên chứng thư số (.cer, .crt, .pem, .p7b); không gửi khóa bí mật cho bất kỳ hệ thống nào."
)


@requires(Permission.STATES_VIEW)
@require_GET
def declared_page(request: HttpRequest) -> HttpResponse:
    """The school's certificates, each with its state and history, and the form for new ones."""
    actor = actor_of(request)
    standings = list_standings(actor.school_code, at=timezone.now())
    context = {
        "rows": [
            (
                each,
                TITLES[each.state],
                STATE_BADGES.get(each.state, ""),
                ", ".join(POSITIONS[position] for position in each.positions),
            )
            for each in standings
        ],
        "may_manage": actor.may(Permission.CERTIFICATES_MANAGE),
        "most_files": MOST_FILES,
    }
    return render(request, "transcripts_certificates/declared.html", context)


@requires(Permission.STATES_VIEW)
@require_GET
def declared_json(request: HttpRequest) -> HttpResponse:
    """The same for programs."""
    school_code, at = actor_of(request).school_code, timezone.now()
    found = [_members(each) for each in list_standings(school_code, at=at)]
    return json_answer({"school": school_code, "at": iso(at), "certificates": found})


@requires(Permission.CERTIFICATES_MANAGE)
@require_POST
def read_files(request: HttpRequest) -> HttpResponse:
    """Read uploaded certificates and show them with everything that is wrong; nothing is stored."""
    found, problems = _read(request.FILES.getlist("files"))
    for problem in problems:
        notices.error(request, problem)
    if not found:
        if not problems:
            notices.error(request, "Hãy chọn ít nhất một tệp chứng thư số.")
        return redirect("transcripts_declared")
    examiner = Examiner(actor_of(request).school_code, timezone.now())
    candidates = examiner.examine([examiner.suggest(each) for each in found])
    return _review(request, examiner, candidates)


@requires(Permission.CERTIFICATES_MANAGE)
@require_POST
def declare(request: HttpRequest) -> HttpResponse:
    """Send what was chosen, once nothing stands in its way; otherwise everything that does is shown again."""
    choices = _choices(request)
    if choices is None:
        notices.error(request, "Không đọc được danh sách vừa gửi. Hãy tải lại các tệp chứng thư số.")
        return redirect("transcripts_declared")
    actor, at = actor_of(request), timezone.now()
    examiner = Examiner(actor.school_code, at)
    candidates = examiner.examine(choices)
    wanted = [each for each in candidates if each.choice.wanted]
    if "check" in request.POST or not wanted or not all(each.may_be_sent for each in wanted):
        if "check" not in request.POST:
            said = "Còn vấn đề phải xử lý trước khi gửi." if wanted else "Chưa chọn chứng thư số nào để gửi."
            notices.error(request, said)
        return _review(request, examiner, candidates)
    items = [each.item for each in wanted if each.item is not None]
    actions.declare(items, school_code=actor.school_code, by=actor.name, at=at)
    notices.success(request, f"Đã gửi {len(items)} chứng thư số, chờ Sở phê duyệt.")
    return redirect("transcripts_declared")


def _review(request: HttpRequest, examiner: Examiner, candidates: Sequence[Candidate]) -> HttpResponse:
    context = {
        "rows": [
            {
                "candidate": each,
                "der": base64.b64encode(certificates.to_der(each.choice.certificate)).decode(),
                "name": certificates.common_name(each.choice.certificate),
                "issuer": certificates.issuer_name(each.choice.certificate),
                "serial": f"{each.choice.certificate.serial_number:X}",
                "valid_from": each.choice.certificate.not_valid_before_utc,
                "valid_until": each.choice.certificate.not_valid_after_utc,
                "stops": [found.text for found in each.findings if found.stops],
                "warnings": [found.text for found in each.findings if not found.stops],
            }
            for each in candidates
        ],
        "people": [(person.code, person.name, person.post) for person in examiner.staff.values()],
        "school_code": examiner.school_code,
        "school_name": examiner.school_name,
        "positions": [(position, POSITIONS[position]) for position in OF_PERSONS],
    }
    return render(request, "transcripts_certificates/review.html", context)


def _read(files: Iterable[UploadedFile[Any]]) -> tuple[list[x509.Certificate], list[str]]:
    """Certificates of all files, each once, and a sentence for every file that is not taken."""
    found: dict[str, x509.Certificate] = {}
    problems: list[str] = []
    for number, file in enumerate(files):
        name = str(file.name)[:80]
        if number >= MOST_FILES:
            problems.append(f"Mỗi lần chỉ đọc {MOST_FILES} tệp; hãy tải các tệp còn lại lần sau.")
            break
        try:
            # A larger one is looked at as far as is needed to say that it holds a key.
            inside = certificate_files.read(file.read(certificate_files.LARGEST_FILE + 1))
        except certificate_files.PrivateKeyError:
            problems.append(f"{name}: {_HOLDS_KEY}")
        except certificate_files.NoCertificateError:
            problems.append(f"{name}: không đọc được chứng thư số nào của người ký hay con dấu trong tệp.")
        else:
            found |= {certificates.fingerprint(each): each for each in inside}
    if len(found) > MOST_DECLARED:
        problems.append(
            f"Mỗi lần chỉ khai báo {MOST_DECLARED} chứng thư số; các chứng thư còn lại đã bỏ qua."
        )
    return list(found.values())[:MOST_DECLARED], problems


def _choices(request: HttpRequest) -> list[Choice] | None:
    """What the form of the review says, or None when no such form was filled in."""
    count = sum(1 for name in request.POST if name.startswith("der-"))
    if not 0 < count <= MOST_DECLARED:
        return None
    found = []
    for number in range(count):
        certificate = _certificate(request.POST.get(f"der-{number}", ""))
        if certificate is None:
            return None
        chosen = request.POST.getlist(f"position-{number}")
        found.append(
            Choice(
                certificate=certificate,
                holder=request.POST.get(f"holder-{number}", ""),
                positions=tuple(position for position in OF_PERSONS if position in chosen),
                wanted=f"wanted-{number}" in request.POST,
            )
        )
    return found


def _certificate(text: str) -> x509.Certificate | None:
    try:
        certificate = certificates.load(base64.b64decode(text, validate=True))
    except (binascii.Error, *certificates.UNREADABLE):
        return None
    return certificate if certificates.is_readable(certificate) else None


def _members(each: Standing) -> dict[str, Any]:
    return {
        "sha256": each.sha256,
        "holder": each.holder,
        "name": each.name,
        "kind": each.kind,
        "positions": list(each.positions),
        "serial": each.serial,
        "issuer": each.issuer,
        "valid_from": iso(each.valid_from),
        "valid_until": iso(each.valid_until),
        "state": each.state.value,
        "state_name": TITLES[each.state],
        "note": each.note,
        "follows": each.follows,
        "renewed_by": each.renewed_by,
        "history": [{"step": step.title, "at": iso(step.at), "reason": step.reason} for step in each.history],
    }
