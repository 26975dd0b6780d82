"""Importing from the console."""

from pathlib import Path

import pytest

from .conftest import Shell

UNITS = "单位代码,单位名称,上级单位,单位性质\nB,乙科,A,政府\nA,甲局,,政府\n"


@pytest.mark.parametrize("store", ["sqlite", "postgresql"])
def test_a_file_is_taken_in_and_what_was_not_stands_beside_it(shell: Shell, store: str, request: pytest.FixtureRequest) -> None:
    url = "sqlite:///new.sqlite3" if store == "sqlite" else request.getfixturevalue("postgresql_url")
    file = shell.folder / "单位.csv"
    file.write_text(UNITS, encoding="utf-8")
    dry = shell.qinqing("import", "units", str(file), "--dry-run", database_url=url)
    assert (dry.returncode, "2 created" in dry.stdout, "dry run" in dry.stdout) == (0, True, True), dry.stderr
    done = shell.qinqing("import", "units", str(file), database_url=url)
    assert (done.returncode, "2 created" in done.stdout) == (0, True), done.stderr
    file.write_text(UNITS + "C,丙科,没有的局,政府\n", encoding="gb18030")
    again = shell.qinqing("import", "units", str(file), database_url=url)
    assert (again.returncode, "2 unchanged, 未导入 1 failed" in again.stdout) == (1, True), again.stderr
    report = Path(f"{file}.report.csv").read_text(encoding="utf-8-sig").splitlines()
    assert report[1].startswith("4,上级单位,unit-unknown,")


def test_a_file_that_cannot_be_read_says_why(shell: Shell) -> None:
    (shell.folder / "photo.csv").write_bytes(b"\x89PNG\r\n\x1a\n")
    done = shell.qinqing("import", "people", "photo.csv")
    assert done.returncode == 1
    assert "photo.csv: 不是表格文件" in done.stderr
    assert "Traceback" not in done.stderr
