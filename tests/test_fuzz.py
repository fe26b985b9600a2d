"""A short run of the fuzzer, and what it found."""

import subprocess
import sys
from pathlib import Path

import etl
from etl.errors import DocumentError
from etl.readers import Blob
from etl.work import Options, Task, read_tasks

FUZZ = Path(__file__).parent / "fuzz.py"


def test_broken_files_and_odd_texts_raise_nothing() -> None:
    program = f"import sys; sys.path.insert(0, {str(FUZZ.parent)!r}); import fuzz; print(fuzz.run(60, 7, rounds=600))"
    done = subprocess.run([sys.executable, "-c", program], check=False, capture_output=True, encoding="utf-8")
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) > 50


def test_an_error_is_one_line_whatever_a_library_puts_into_it() -> None:
    assert (
        str(DocumentError("a.parquet: don't know what type: \r\n\ud800"))
        == "a.parquet: don't know what type:  "
    )


def test_an_error_that_is_not_the_systems_says_nothing_of_permissions() -> None:
    blob = Blob("a.parquet", "a.parquet", ".parquet", data=b"PAR1" * 9)
    from etl.limits import LIMITS
    from etl.readers import unpack

    (item,) = unpack(blob, LIMITS)
    (reason,) = read_tasks([Task("a", "", item)], Options()).documents["reason"].to_pylist()
    assert "permissions" not in reason


def test_a_run_of_closing_marks_takes_no_longer_than_its_length() -> None:
    from etl.limits import time_limit

    with time_limit(2, "text"):
        etl.parse("Meta paie 3 euros." + ")" * 40 + "x")
