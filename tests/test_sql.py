"""The views for people who speak SQL, and every query of their documentation."""

from __future__ import annotations

import asyncio
import re
import uuid

import asyncpg
import pytest
from shells import REPOSITORY, Shell

from indexer import model

pytest_plugins = ["shells"]

PAGE = (REPOSITORY / "docs" / "sql.md").read_text()
QUESTIONS = re.findall(r"^(\S[^\n]*)\n\n```sql\n(.*?)```", PAGE, re.MULTILINE | re.DOTALL)


@pytest.fixture(scope="module")
def asked(shell: Shell) -> Shell:
    decision = ("remember", "Split lazily.", "--context", "code_decision", "--about", "app.double.serve")
    shell(*decision)
    (shell.root / "app/double.py").write_text("def serve():\n    return 'changed'\n")
    subclasses = "class Sub(Request):\n    pass\n\n\nclass Below(Sub):\n    pass\n"
    (shell.root / "app/sub.py").write_text(f"from app.http import Request\n\n\n{subclasses}")
    shell("sync")
    return shell


def test_there_are_ten() -> None:
    assert len(QUESTIONS) == 10


@pytest.mark.parametrize(("question", "query"), QUESTIONS, ids=[question for question, _ in QUESTIONS])
def test_each_question_of_the_page_is_answered(asked: Shell, question: str, query: str) -> None:
    # Nothing in this project depends both ways.
    expected = 1 if "depend on each other" in question else 0
    out, _ = asked("sql", query, code=expected)
    answers = {
        "Who calls it": "app.main.main",
        "called most": "app.http.parse_header",
        "nobody call": "app.http.serve",
        "Which files": "app/main.py",
        "subclasses": "app.sub.Below",
        "no documentation": "def serve(request)",
        "longest": "app.main.main",
        "language": "python",
        "decided": "drifted",
    }
    assert all(text in out for part, text in answers.items() if part in question)


def test_the_columns_are_those_of_the_page(asked: Shell) -> None:
    for view, _, columns in re.findall(r"^\| `(v_\w+)` \| ([^|]*) \| ([^|]*) \|", PAGE, re.MULTILINE):
        names = columns.strip().split(", ")
        query = f"SELECT {', '.join(names)} FROM {view} LIMIT 1"
        assert list(asked.json("sql", query)["items"][0]) == names


def test_evidence_has_the_words_of_answers(asked: Shell) -> None:
    found = asked.json("sql", "SELECT n, evidence_label(n::smallint) AS label FROM generate_series(0, 11) AS n")["items"]
    assert {each["n"]: each["label"] for each in found} == {each.value: each.label for each in model.Evidence}


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("DELETE FROM memories", "read-only transaction"),
        ("SELECT 1; DELETE FROM memories", "multiple commands"),
        ("COPY (SELECT 1) TO PROGRAM 'cat >/dev/null'", "permission denied"),
        ("SELECT pg_read_file('/etc/passwd')", "permission denied"),
        ("SELEC 1", "syntax error"),
        ("SELECT * FROM no_such_view", "does not exist"),
        ("SELECT 1/0", "division by zero"),
        ("  ", "Give a query"),
    ],
)
def test_a_query_can_only_read(asked: Shell, query: str, said: str) -> None:
    assert said in asked("sql", query, code=2)[1]


def test_answers_can_be_piped(asked: Shell) -> None:
    assert asked("sql", stdin="SELECT 1 AS one, NULL AS none, ARRAY['a', 'b'] AS list")[0] == "one  none  list\n1          a, b\n"
    assert asked.json("sql", "SELECT 1.5 AS half, now() > '2000-01-01' AS late")["items"] == [{"half": 1.5, "late": True}]
    asked("sql", "SELECT 1 WHERE false", code=1)


def test_a_reader_sees_the_views_alone(asked: Shell) -> None:
    member, by_hand = re.findall(r"```sql-as-owner\n(.*?)```", PAGE, re.DOTALL)
    role = f"reader_{uuid.uuid4().hex}"

    async def look() -> None:
        connection = await asyncpg.connect(asked.environ["INDEXER_DSN"])
        try:
            await connection.execute(member.replace("colleague", role))
            await connection.execute(f"SET ROLE {role}")
            assert await connection.fetchval("SELECT count(*) FROM v_symbols") > 5
            assert await connection.fetchval("SELECT count(*) FROM v_memories") == 1
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await connection.fetch("SELECT 1 FROM memories")
        finally:
            await connection.execute("RESET ROLE")
            await connection.execute(by_hand)
            await connection.execute(f"DROP OWNED BY {role}; DROP ROLE {role}")
            await connection.close()

    asyncio.run(look())
