"""A contract type for import-linter: an app's models belong to that app."""

from __future__ import annotations

import re

from grimp import ImportGraph
from importlinter import Contract, ContractCheck, output

_MODELS = re.compile(r"^(hocba\.\w+\.\w+)\.models(\.|$)")


class PrivateModels(Contract):
    """Only an app itself may import its models; others use its actions and queries."""

    type_name = "private_models"

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:  # noqa: FBT001 (the base class)
        """Collect every import of a models module from outside its app."""
        offences = []
        for module in sorted(graph.modules):
            owner = _MODELS.match(module)
            if owner is None:
                continue
            app = owner.group(1)
            for importer in sorted(graph.find_modules_that_directly_import(module)):
                if importer != app and not importer.startswith(f"{app}."):
                    offences.append((importer, module))
        return ContractCheck(kept=not offences, metadata={"offences": offences})

    def render_broken_contract(self, check: ContractCheck) -> None:
        """Say which module imports which models."""
        for importer, module in check.metadata["offences"]:
            output.print_error(f"{importer} imports {module}")
