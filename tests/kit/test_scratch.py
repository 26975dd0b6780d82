"""Files under way are gone when the work is, also when it was killed."""

import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from app.kit.scratch import scratch

PREFIX = "qinqing-test-"
_WORKER = f"""
import sys, time
from app.kit.scratch import scratch
with scratch({PREFIX!r}) as folder:
    (folder / "file").write_text("礼品清单")
    print(folder, flush=True)
    time.sleep(60)
"""


@pytest.fixture
def _apart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))


@pytest.mark.usefixtures("_apart")
def test_a_folder_goes_with_its_work(tmp_path: Path) -> None:
    with scratch(PREFIX) as folder:
        (folder / "file").write_text("一")
        assert folder.parent == tmp_path
    assert list(tmp_path.iterdir()) == []


@pytest.mark.usefixtures("_apart")
def test_what_a_killed_worker_left_is_cleared_by_the_next_and_what_one_at_work_holds_is_not(tmp_path: Path) -> None:
    (tmp_path / "another's").mkdir()
    with subprocess.Popen([sys.executable, "-c", _WORKER], stdout=subprocess.PIPE, text=True) as worker:
        assert worker.stdout
        left = Path(worker.stdout.readline().strip())
        with scratch(PREFIX):
            assert (left / "file").read_text() == "礼品清单"
        os.kill(worker.pid, signal.SIGKILL)
    assert left.exists()
    with scratch(PREFIX) as folder:
        assert sorted(tmp_path.iterdir()) == sorted([tmp_path / "another's", folder])
