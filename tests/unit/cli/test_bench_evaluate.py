from __future__ import annotations

from hocba.cli.bench_evaluate import run_bench


class TestRunBench:
    def test_reports_every_figure_of_the_contract(self) -> None:
        report = run_bench(50)

        assert list(report) == [
            "name",
            "per_second",
            "count",
            "seconds",
            "stages",
            "peak_mib",
            "bytes_each",
            "cpu_count",
        ]
        assert list(report["stages"]) == ["parse", "evaluate", "evaluate_explained", "write"]
        assert report["count"] == 50
        assert report["per_second"] == report["stages"]["evaluate"]["per_second"] > 0
        assert report["bytes_each"] > 500
