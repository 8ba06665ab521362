"""The rows of a signing desk in the matrices of both school sides: the same addresses, named after the side."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Kwargs = Callable[[dict[str, Any]], dict[str, Any]]

BATCH_PAGES = ("batch", "package", "report_csv", "batch_state", "list", "report", "remote_state")
BATCH_POSTS = ("answer", "stop_page", "seal_page", "stop", "seal", "remote_again", "remote_code")


def rows(
    side: str, *, signers: set[str], batch: Kwargs, item: str, elsewhere: str
) -> dict[str, dict[str, Any]]:
    """Who may sign gets in; a batch, task or item that is nobody's is not found, for everybody else it is forbidden.

    `elsewhere` is what the matrix calls the answer at another school.
    """

    def not_found(kwargs: Kwargs, method: str = "GET") -> dict[str, Any]:
        return {"kwargs": kwargs, "allowed": signers, "status": 404, "method": method, elsewhere: 404}

    def open_to_all(status: int, method: str = "GET") -> dict[str, Any]:
        # An empty request is malformed for who may sign.
        return {
            "kwargs": lambda ids: {},
            "allowed": signers,
            "status": status,
            "method": method,
            elsewhere: status,
        }

    def task(ids: dict[str, Any]) -> dict[str, Any]:
        return {"task_id": "viec-cua-khong-ai"}

    def of_item(ids: dict[str, Any]) -> dict[str, Any]:
        return batch(ids) | {"item_id": item}

    found = {
        "signing": open_to_all(200),
        "signing_choose": open_to_all(302),
        "signing_tasks": open_to_all(200),
        "signing_preflight": open_to_all(400, "POST"),
        "signing_batches": open_to_all(400, "POST"),
        "signing_signatures": {
            "kwargs": batch,
            "allowed": signers,
            "status": 400,
            "method": "POST",
            elsewhere: 400,
        },
        "signing_task": not_found(task),
        "signing_open_package": not_found(task, "POST"),
        "signing_remote": not_found(task, "POST"),
        # Remote signing is not set up: back to the list with the reason.
        "signing_remote_return": open_to_all(302),
        "signing_open_seal": not_found(task, "POST"),
        "signing_item": not_found(of_item),
        "signing_item_file": not_found(of_item),
        **{f"signing_{name}": not_found(batch) for name in BATCH_PAGES},
        **{f"signing_{name}": not_found(batch, "POST") for name in BATCH_POSTS},
    }
    return {f"{side}_{name}": row for name, row in found.items()}
