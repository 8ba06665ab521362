"""What a transcript's PDF costs: `python -m benchmarks.bench_render [DOCUMENTS]`, one line per figure.

The form of THCS is measured in full, of the other forms the time of a render and the size. Every document is of
another pupil of one school: names, marks, remarks and the seconds of the subject teachers' signatures all differ,
so that nothing of a pupil is found again in the typesetter's memory. Times are of the processor in this process
and its one thread, after a warm-up: median and best of DOCUMENTS (200). Sizes are medians. The memory is the peak
of the process after the warm-up and after as many documents again; it must not grow.
"""

from __future__ import annotations

import gc
import json
import random
import resource
import statistics
import sys
import time
import uuid
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from cryptography.hazmat.primitives.asymmetric import rsa
from tests.factories import primary, transcripts

from hocba.documents import pdf, transcript_xml
from hocba.documents.pdf.form import form_data
from hocba.documents.people import Relative
from hocba.documents.transcript import LevelSeries
from hocba.regulations import curriculum
from hocba.signing.demo_ca import generate_person_keys

if TYPE_CHECKING:
    from collections.abc import Callable

    from hocba.documents.any_level import AnyTranscript
    from hocba.documents.transcript import Transcript

DOCUMENTS = 200
SEED = 20261121
_FAMILY, _MIDDLE, _GIVEN = (
    names.split()
    for names in (
        "Nguyễn Trần Lê Phạm Hoàng Huỳnh Vũ Võ Đặng Bùi Đỗ Hồ Ngô Dương Lý",
        "Thị Văn Minh Ngọc Gia Bảo Quốc Thanh Kim Hoài Đức Thuỳ Phương Khánh Tuấn",
        "An Bình Chi Dung Đạt Giang Hà Hùng Khoa Lan Linh Mai Nam Oanh Phúc Quỳnh Sơn Thảo Uyên Vy Xuân Yến",
    )
)
_GOOD = (
    "Tiếp thu bài nhanh",
    "Chăm chỉ",
    "Đọc hiểu tốt",
    "Trình bày rõ ràng",
    "Hăng hái phát biểu",
    "Tính toán chính xác",
)
_BUT = (
    "cần cẩn thận hơn khi làm bài",
    "nên đọc thêm sách ở nhà",
    "cần luyện viết thường xuyên",
    "còn rụt rè khi thuyết trình",
)
_YET = (
    "có tiến bộ rõ ở học kì II",
    "kết quả ổn định cả năm",
    "đã khắc phục được lỗi chính tả",
    "biết giúp đỡ bạn trong nhóm",
)


def main() -> None:
    """Print the figures."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else DOCUMENTS
    dice = random.Random(SEED)
    jobs = [_arguments(_pupil(dice), dice) for _ in range(count * 2 + count // 4)]
    warm, first, second = jobs[: count // 4], jobs[count // 4 : -count], jobs[-count:]
    _times(_render, warm)
    _figure("words of the form", _times(_words, first))
    _figure("render", _times(_render, first))
    before = _peak()
    sizes = [len(_render(job).data) for job in second]
    print(f"unsigned PDF: {statistics.median(sizes) / 1000:.1f} KB")
    print(f"peak memory: {before:.0f} MB, after {count} more documents {_peak():.0f} MB")
    school = transcripts.found_school(make_key=_rsa_keys().pop)
    print(f"PDF with 3 signatures, RSA-2048: {len(_signed(school, dice)) / 1000:.1f} KB")
    for form, change in _FORMS.items():
        _other_form(
            form, [_arguments(change(_pupil(dice), dice), dice) for _ in range(count + count // 4)], count
        )
    _book(dice, count // 10)


def _other_form(form: str, jobs: list[dict[str, Any]], count: int) -> None:
    _times(_render, jobs[count:])
    _figure(f"{form}: render", _times(_render, jobs[:count]))
    print(
        f"{form}: unsigned PDF: {statistics.median(len(_render(job).data) for job in jobs[:9]) / 1000:.1f} KB"
    )


def _book(dice: random.Random, count: int) -> None:
    """Four years of a pupil in one copy to read."""
    books = [
        {"years": [_year(pupil, dice, first) for first in range(2021, 2025)]}
        for pupil in (_pupil(dice) for _ in range(count + 2))
    ]
    action = lambda job: pdf.render_book(job["years"], made_at=transcripts.SIGNED)  # noqa: E731
    _times(action, books[:2])
    _figure("book of four years", _times(action, books[2:]))


def _year(pupil: Transcript, dice: random.Random, first: int) -> pdf.SignedYear:
    job = _arguments(replace(pupil, school_year=f"{first}-{first + 1}"), dice)
    digest = transcript_xml.record_digest(job["record"])
    return pdf.SignedYear(
        transcript=job["transcript"],
        file=digest,
        record=digest,
        subjects=job["subject_signatures"],
        homeroom=transcripts.SIGNED,
        principal=transcripts.SIGNED,
        seal=transcripts.SIGNED,
        address=job["verify_url"],
    )


def _pupil(dice: random.Random) -> Transcript:
    usual = transcripts.transcript(id=str(uuid.UUID(int=dice.getrandbits(128), version=4)))
    term1, term2 = (dice.choice(("TOT", "KHA", "DAT")) for _ in range(2))
    pupil = replace(
        usual.pupil,
        personal_id=f"079{dice.randrange(10**9):09d}",
        code=f"79{dice.randrange(10**8):08d}",
        name=_name(dice),
        birth_date=f"2014-{dice.randint(1, 12):02d}-{dice.randint(1, 28):02d}",
        birthplace=f"Phường {dice.randint(1, 28)}, Thành phố Hồ Chí Minh",
        residence=f"{dice.randint(1, 900)} đường số {dice.randint(1, 90)}, Phường {dice.choice(_GIVEN)}",
        father=Relative(name=_name(dice), occupation=dice.choice(("Công nhân", "Kĩ sư", "Buôn bán"))),
        mother=Relative(name=_name(dice), occupation=dice.choice(("Giáo viên", "Nội trợ", "Kế toán"))),
    )
    return replace(
        usual,
        pupil=pupil,
        register_number=str(dice.randint(1, 900)),
        subjects=tuple(_subject(row, dice) for row in usual.subjects),
        result=replace(
            usual.result,
            conduct=LevelSeries(term1=term1, term2=term2, year=term2),
            absences_excused=dice.randint(0, 20),
            homeroom_remark=" ".join(_remark(dice) for _ in range(3)),
            principal_remark=f"Đồng ý với đánh giá của giáo viên chủ nhiệm. {_remark(dice)}",
        ),
    )


def _upper_secondary(pupil: Transcript, dice: random.Random) -> Transcript:
    taught = curriculum.subjects_for("THPT", 10)
    electives = [subject for subject in taught if subject.group == "elective"]
    chosen = [subject for subject in taught if subject.group == "compulsory"] + dice.sample(electives, 4)
    return replace(
        pupil,
        form="TT22-THPT",
        level="THPT",
        grade=10,
        subjects=tuple(
            _subject(replace(pupil.subjects[0], code=subject.code, name=subject.name), dice)
            for subject in chosen
        ),
    )


def _continuing(pupil: Transcript, _dice: random.Random) -> Transcript:
    return replace(
        pupil, regulation="TT43-2021", form="TT43-THPT", level="GDTX", grade=10, subjects=pupil.subjects[:8]
    )


def _primary(pupil: Transcript, dice: random.Random) -> AnyTranscript:
    usual = primary.transcript(id=pupil.id)
    taught = curriculum.subjects_for("TIEUHOC", 5)
    return replace(
        usual,
        grade=5,
        pupil=pupil.pupil,
        subjects=tuple(
            replace(
                usual.subjects[0],
                code=subject.code,
                name=subject.name,
                test=str(dice.randint(5, 10)) if subject.kind == "score" else None,
                remark=_remark(dice),
            )
            for subject in taught
        ),
        result=replace(usual.result, homeroom_remark=" ".join(_remark(dice) for _ in range(2))),
    )


_FORMS: dict[str, Callable[[Transcript, random.Random], AnyTranscript]] = {
    "TT22-THPT": _upper_secondary,
    "TT43-THPT": _continuing,
    "TT27-TH": _primary,
}


def _name(dice: random.Random) -> str:
    return " ".join(dice.choice(part) for part in (_FAMILY, _MIDDLE, _MIDDLE, _GIVEN))


def _remark(dice: random.Random) -> str:
    return f"{dice.choice(_GOOD)}, {dice.choice(_YET)}; {dice.choice(_BUT)}."


def _subject(row: Any, dice: random.Random) -> Any:
    if row.kind == "comment":
        return replace(row, remark=_remark(dice))
    marks = [f"{dice.randint(40, 100) / 10:.1f}" for _ in range(3)]
    return replace(row, term1=marks[0], term2=marks[1], year=marks[2], remark=_remark(dice))


def _arguments(transcript: AnyTranscript, dice: random.Random) -> dict[str, Any]:
    """What `render` takes."""
    record = transcript_xml.record_xml(transcript)
    return {
        "transcript": transcript,
        "record": record,
        "record_digest": str(transcript_xml.record_digest(record)),
        "subject_signatures": {
            row.code: [
                (person.name, transcripts.SIGNED + timedelta(seconds=dice.randrange(10**5)))
                for person in row.teachers
            ]
            for row in transcript.subjects
        },
        "verify_url": f"https://hocba.example/xac-minh/{transcript.id}",
    }


def _render(job: dict[str, Any]) -> pdf.UnsignedPdf:
    return pdf.render(
        job["transcript"], **{name: value for name, value in job.items() if name != "transcript"}
    )


def _words(job: dict[str, Any]) -> str:
    names = ("record_digest", "subject_signatures", "verify_url")
    return json.dumps(form_data(job["transcript"], **{name: job[name] for name in names}), ensure_ascii=False)


def _times(action: Callable[[dict[str, Any]], object], jobs: list[dict[str, Any]]) -> list[float]:
    gc.collect()
    times = []
    for job in jobs:
        start = time.process_time()
        action(job)
        times.append(time.process_time() - start)
    return times


def _rsa_keys() -> list[rsa.RSAPrivateKey]:
    keys: list[rsa.RSAPrivateKey] = generate_person_keys(len(transcripts.STAFF) + 1)
    return keys


def _signed(school: transcripts.SchoolKeys, dice: random.Random) -> bytes:
    return transcripts.sign_pair(school, _pupil(dice)).pdf


def _peak() -> float:
    """Megabytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _figure(name: str, seconds: list[float]) -> None:
    median, best = statistics.median(seconds) * 1000, min(seconds) * 1000
    print(f"{name}: median {median:.2f} ms, best {best:.2f} ms")


if __name__ == "__main__":
    main()
