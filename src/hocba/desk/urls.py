"""The addresses of a side's signing desk, each behind the guard that the side names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import URLPattern, path
from django.views.decorators.http import require_GET, require_POST

from hocba.desk.pages import Pages
from hocba.desk.remote_pages import RemotePages
from hocba.desk.rest import Rest
from hocba.platform.accounts.guards import requires
from hocba.platform.web.agent import may_call_agent

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpResponse

    from hocba.desk.ports import Desk

    View = Callable[..., HttpResponse]

_API = "api/signing/"
_BATCH = f"{_API}batches/<uuid:batch_id>"
_PAGE = "ky-so/<uuid:batch_id>/"


def addresses(desk: Desk) -> list[URLPattern]:
    """Pages below `ky-so/`, JSON below `api/signing/`."""
    rest, pages, remote = Rest(desk), Pages(desk), RemotePages(desk)
    guard = requires(desk.permission)

    def get(address: str, view: View, name: str) -> URLPattern:
        return path(address, guard(require_GET(view)), name=f"{desk.name}_{name}")

    def post(address: str, view: View, name: str) -> URLPattern:
        return path(address, guard(require_POST(view)), name=f"{desk.name}_{name}")

    return [
        get("ky-so/", pages.tasks, "signing"),
        get("ky-so/chon", pages.choose, "signing_choose"),
        get("ky-so/viec/<str:task_id>/", may_call_agent(pages.task), "signing_task"),
        post("ky-so/viec/<str:task_id>/goi-ky", pages.open_package, "signing_open_package"),
        post("ky-so/viec/<str:task_id>/con-dau", pages.open_seal, "signing_open_seal"),
        post("ky-so/viec/<str:task_id>/tu-xa", remote.begin, "signing_remote"),
        get("ky-so/tu-xa", remote.returned, "signing_remote_return"),
        get(_PAGE, may_call_agent(pages.batch), "signing_batch"),
        get(f"{_PAGE}goi-ky.zip", pages.package, "signing_package"),
        post(f"{_PAGE}ket-qua", pages.answer, "signing_answer"),
        post(f"{_PAGE}dung", pages.stop, "signing_stop_page"),
        post(f"{_PAGE}con-dau", pages.seal, "signing_seal_page"),
        post(f"{_PAGE}tu-xa", remote.again, "signing_remote_again"),
        post(f"{_PAGE}ma-xac-nhan", remote.code, "signing_remote_code"),
        get(f"{_PAGE}bao-cao.csv", pages.report_csv, "signing_report_csv"),
        get(f"{_PAGE}<str:item_id>/", pages.item, "signing_item"),
        get(f"{_PAGE}<str:item_id>/tep", pages.item_file, "signing_item_file"),
        get(f"{_API}tasks", rest.list_tasks, "signing_tasks"),
        post(f"{_API}preflight", rest.preflight, "signing_preflight"),
        post(f"{_API}batches", rest.open_batch, "signing_batches"),
        get(_BATCH, rest.batch, "signing_batch_state"),
        get(f"{_BATCH}/list", rest.listing, "signing_list"),
        post(f"{_BATCH}/signatures", rest.signatures, "signing_signatures"),
        post(f"{_BATCH}/stop", rest.stop, "signing_stop"),
        get(f"{_BATCH}/report", rest.report, "signing_report"),
        get(f"{_BATCH}/remote", remote.status, "signing_remote_state"),
        post(f"{_BATCH}/seal", rest.seal, "signing_seal"),
    ]
