"""The SQL that keeps DailyEffort equal to the raw entries, on PostgreSQL and SQLite.

Each change of an entry adds its difference to the day's row in the same transaction. PostgreSQL sums a
whole statement first (transition tables), in the order of the key, so that two imports cannot wait for each
other in a circle. SQLite does it row by row. A day's row without entries is removed.
"""

ENTRY_KEY = "day, coalesce(team_id, 0), play, origin"
ADD_ON_CONFLICT = """
    ON CONFLICT (day, team_key, play, origin) DO UPDATE SET
        seconds = effort_dailyeffort.seconds + excluded.seconds,
        entries = effort_dailyeffort.entries + excluded.entries"""
TARGET = "INSERT INTO effort_dailyeffort (day, team_key, play, origin, seconds, entries)"

REBUILD = f"""{TARGET}
    SELECT {ENTRY_KEY}, sum(seconds), count(*) FROM effort_timeentry GROUP BY {ENTRY_KEY}"""  # noqa: S608
SQLITE_OLD_ROW = """day = OLD.day AND team_key = coalesce(OLD.team_id, 0)
        AND play = OLD.play AND origin = OLD.origin"""

CHANGES = {
    "insert": ("REFERENCING NEW TABLE AS new_rows", ["+1:new_rows"]),
    "delete": ("REFERENCING OLD TABLE AS old_rows", ["-1:old_rows"]),
    "update": ("REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows", ["+1:new_rows", "-1:old_rows"]),
}


def postgresql_install() -> list[str]:
    """One function and one statement trigger for each kind of change, and one for TRUNCATE."""
    statements = []
    for change, (referencing, sides) in CHANGES.items():
        statements += [
            _postgresql_function(change, sides),
            f"""CREATE TRIGGER effort_rollup_{change} AFTER {change.upper()} ON effort_timeentry
                {referencing} FOR EACH STATEMENT EXECUTE FUNCTION effort_rollup_{change}()""",
        ]
    return [
        *statements,
        """CREATE FUNCTION effort_rollup_truncate() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN DELETE FROM effort_dailyeffort; RETURN NULL; END $$""",
        """CREATE TRIGGER effort_rollup_truncate AFTER TRUNCATE ON effort_timeentry
            FOR EACH STATEMENT EXECUTE FUNCTION effort_rollup_truncate()""",
    ]


def _postgresql_function(change: str, sides: list[str]) -> str:
    parts = []
    for side in sides:
        sign, rows = side.split(":")
        parts.append(
            f"SELECT day, coalesce(team_id, 0) AS team_key, play, origin, "  # noqa: S608
            f"({sign}) * seconds::bigint AS seconds, ({sign}) AS entries FROM {rows}"
        )
    return f"""CREATE FUNCTION effort_rollup_{change}() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            {TARGET}
            SELECT day, team_key, play, origin, sum(seconds), sum(entries)
            FROM ({" UNION ALL ".join(parts)}) AS changes
            GROUP BY day, team_key, play, origin
            HAVING sum(seconds) <> 0 OR sum(entries) <> 0
            ORDER BY day, team_key, play, origin
            {ADD_ON_CONFLICT};
            {_postgresql_sweep() if change != "insert" else ""}
            RETURN NULL;
        END $$"""  # noqa: S608


def _postgresql_sweep() -> str:
    return """DELETE FROM effort_dailyeffort AS daily USING (
                SELECT DISTINCT day, coalesce(team_id, 0) AS team_key, play, origin FROM old_rows
            ) AS touched
            WHERE daily.entries = 0 AND daily.day = touched.day AND daily.team_key = touched.team_key
                AND daily.play = touched.play AND daily.origin = touched.origin;"""


def postgresql_remove() -> list[str]:
    names = [*CHANGES, "truncate"]
    return [f"DROP FUNCTION IF EXISTS effort_rollup_{name}() CASCADE" for name in names]


def sqlite_install() -> list[str]:
    add = _sqlite_add()
    take = _sqlite_take() + _sqlite_sweep()
    return [
        _sqlite_trigger("insert", "INSERT", add),
        _sqlite_trigger("delete", "DELETE", take),
        _sqlite_trigger("update", "UPDATE OF day, team_id, play, origin, seconds", add + take),
    ]


def _sqlite_trigger(name: str, event: str, body: str) -> str:
    return f"CREATE TRIGGER effort_rollup_{name} AFTER {event} ON effort_timeentry BEGIN {body} END"


def _sqlite_add() -> str:
    key = "NEW.day, coalesce(NEW.team_id, 0), NEW.play, NEW.origin"
    return f"{TARGET} VALUES ({key}, NEW.seconds, 1) {ADD_ON_CONFLICT};"


def _sqlite_take() -> str:
    """Never a row below nothing: a flush empties the tables in any order."""
    return f"""UPDATE effort_dailyeffort SET seconds = seconds - OLD.seconds, entries = entries - 1
        WHERE {SQLITE_OLD_ROW};"""  # noqa: S608


def _sqlite_sweep() -> str:
    return f"DELETE FROM effort_dailyeffort WHERE {SQLITE_OLD_ROW} AND entries = 0;"  # noqa: S608


def sqlite_remove() -> list[str]:
    return [f"DROP TRIGGER IF EXISTS effort_rollup_{name}" for name in CHANGES]
