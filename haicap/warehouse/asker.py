"""A process of its own for one question at the SQL door: memory and time end with it, whatever is asked.

Started by `doors`; knows the file, the question and nothing else of the product. The first byte of what it
writes says what follows: A an Arrow stream, E one line of JSON with `kind` and `words`.
"""

import json
import re
import resource
import sys

import duckdb
import pyarrow as pa

# One row may be large, and DuckDB's own limit does not count what stands outside its pages
MEMORY, MOST_BYTES, ROWS = "256MB", 768 << 20, 1_000
ANSWER, ERROR = b"A", b"E"
# They tell where the product lies on its machine, or hide the words of a question from this list
CLOSED = re.compile(r"\b(duckdb_\w+|pragma_\w+|current_setting|getenv|query|query_table)\b", re.IGNORECASE)
LOCKED: dict[str, str | int] = {
    "threads": 1,
    "memory_limit": MEMORY,
    "temp_directory": "",
    "home_directory": ".",
    "secret_directory": ".",
    "extension_directory": ".",
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "enable_external_access": "false",
    "lock_configuration": "true",
}


def main(file: str) -> int:
    resource.setrlimit(resource.RLIMIT_DATA, (MOST_BYTES, MOST_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    text = sys.stdin.buffer.read().decode()
    try:
        reader = _asked(file, text)
        first = next(reader, None)
    # whatever it is, the parent tells it in words
    except Exception as error:
        kind, words = error.args if isinstance(error, RefusedError) else (_kind(error), str(error))
        sys.stdout.buffer.write(ERROR + json.dumps({"kind": kind, "words": words}).encode())
        return 0
    sys.stdout.buffer.write(ANSWER)
    with pa.ipc.new_stream(sys.stdout.buffer, reader.schema) as out:
        if first is not None:
            out.write_batch(first)
        for batch in reader:
            out.write_batch(batch)
    return 0


class RefusedError(Exception):
    """`kind` and the words for it."""


def _asked(file: str, text: str) -> pa.RecordBatchReader:
    if found := CLOSED.search(text):
        raise RefusedError("closed", found[0])
    db = duckdb.connect(file, read_only=True)
    for name, value in LOCKED.items():
        db.execute(f"SET {name}={value!r}")
    statements = db.extract_statements(text)
    if len(statements) != 1 or statements[0].type != duckdb.StatementType.SELECT:
        raise RefusedError("statement", "")
    return db.sql(statements[0]).to_arrow_reader(ROWS)


def _kind(error: Exception) -> str:
    if isinstance(error, MemoryError | duckdb.OutOfMemoryException) or "Out of Memory" in str(error):
        return "memory"
    return "wrong"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
