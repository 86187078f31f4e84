"""Golden rows: runs the queries of queries.py on the real Django and writes packages/orm/tests/golden/golden.json.

    python3 scripts/golden/generate.py            # needs Django: python3 -m pip install 'django==5.2.*'
    python3 scripts/golden/generate.py --check    # writes nothing; tells what differs, and fails if anything does

Debian's Django (apt install python3-django, 3.2) does for --check, too: queries that need a newer one are left out, and
those that Debian's answers otherwise (`changed`, with the reason) are not compared.

With a server, it runs the queries of postgres.py, too, and writes postgres/golden.json: their rows, and those of the queries of
queries.py which Django answers otherwise on PostgreSQL than on SQLite.

    python3 -m pip install 'django==5.2.*' 'psycopg[binary]'
    python3 scripts/golden/generate.py --postgres postgres://postgres:password@127.0.0.1/postgres    # 17 or later

It makes a database of its own there, and drops it.
"""

import argparse
import datetime
import decimal
import json
import pathlib
import re
import sys

import django
from django.conf import settings

HERE = pathlib.Path(__file__).resolve().parent
GOLDEN = HERE.parent.parent / "packages/orm/tests/golden"

options = argparse.ArgumentParser()
options.add_argument("--check", action="store_true")
options.add_argument("--postgres", metavar="URL")
ARGS = options.parse_args()

sys.path.insert(0, str(HERE))
if ARGS.postgres:
    from server import Server

    SERVER = Server(ARGS.postgres)
settings.configure(
    INSTALLED_APPS=["golden", "django.contrib.postgres", "golden_postgres"] if ARGS.postgres else ["golden"],
    DATABASES={"default": SERVER.settings() if ARGS.postgres else {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}},
    DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
    USE_TZ=True,
    TIME_ZONE="UTC",
)
django.setup()

from django.db import connection, models  # noqa: E402
from django.utils.dateparse import parse_date, parse_datetime, parse_time  # noqa: E402
from golden import models as golden_models  # noqa: E402


def convert(field, value):
    if value is None:
        return None
    kind = type(field)
    if kind is models.DateTimeField:
        return parse_datetime(value)
    if kind is models.DateField:
        return parse_date(value)
    if kind is models.TimeField:
        return parse_time(value)
    if kind is models.DurationField:
        return datetime.timedelta(microseconds=value)
    if kind is models.DecimalField:
        return decimal.Decimal(value)
    return value


def load_data(file, module):
    tables = json.loads((HERE / file).read_text())
    with connection.schema_editor() as editor:
        for name in tables:
            editor.create_model(getattr(module, name))
    for name, rows in tables.items():
        model = getattr(module, name)
        for row in rows:
            tags = row.pop("tags", []) if name == "Book" else []
            instance = model()
            for key, value in row.items():
                field = model._meta.get_field(key)
                setattr(instance, field.attname, convert(field, value))
            instance.save(force_insert=True)
            if tags:
                instance.tags.add(*tags)


def load_postgres_data():
    from django.contrib.postgres.search import SearchVector
    from golden_postgres import models as postgres_models

    load_data("postgres-data.json", postgres_models)
    postgres_models.Poem.objects.update(words=SearchVector("title", "text", config="english"))


def camel(name):
    return re.sub(r"(?<!_)_(?!_)([a-z])", lambda found: found[1].upper(), name)


def plain_decimal(value):
    text = format(round(value, 6), "f")
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text == "-0" else text


def encode(value):
    """Values as JSON; what JSON has no word for is an object of one key that names its type."""
    if value is None or isinstance(value, (bool, str, int)):
        return value
    if isinstance(value, float):
        return int(value) if value == int(value) else float(f"{value:.9g}")
    if isinstance(value, decimal.Decimal):
        return {"decimal": plain_decimal(value)}
    if isinstance(value, datetime.datetime):
        return {"dateTime": value.astimezone(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"}
    if isinstance(value, datetime.date):
        return {"date": value.isoformat()}
    if isinstance(value, datetime.time):
        return {"time": value.isoformat()}
    if isinstance(value, datetime.timedelta):
        return {"microseconds": value // datetime.timedelta(microseconds=1)}
    if isinstance(value, models.Model):
        fields = {field.attname for field in value._meta.concrete_fields}
        extra = {key: one for key, one in vars(value).items() if key not in fields and not key.startswith("_")}
        return {value._meta.object_name: value.pk, **{camel(key): encode(one) for key, one in sorted(extra.items())}}
    if isinstance(value, dict):
        return {camel(str(key)): encode(one) for key, one in value.items()}
    if isinstance(value, (list, tuple, models.QuerySet)):
        return [encode(one) for one in value]
    raise TypeError(f"{value!r} has no form in JSON")


def answer(query):
    value = query.run()
    ordered = True
    if isinstance(value, models.QuerySet):
        ordered = value.ordered if query.ordered is None else query.ordered
    rows = encode(value)
    if not ordered:
        rows.sort(key=lambda row: json.dumps(row, sort_keys=True))
    return {"ordered": ordered, "rows": rows}


def run(queries):
    """The answers of Django, and the names of what it has none for: it is too old, or answers otherwise."""
    answers, left_out, broken = {}, [], []
    for name, query in queries.items():
        if django.VERSION[:2] < query.since or (ARGS.check and query.changed and django.VERSION[:2] < query.changed):
            left_out.append(name)
            continue
        if ARGS.postgres and query.not_on_postgres:
            continue
        try:
            answers[name] = json.loads(json.dumps(answer(query)))
        except Exception as error:  # a query that Django refuses is a mistake in the query
            broken.append(f"{name}: {type(error).__name__}: {error}")
    if broken:
        sys.exit("\n".join(broken))
    return answers, left_out


def written(answers):
    return ",\n".join(f"    {json.dumps(name)}: {json.dumps(one, ensure_ascii=False)}" for name, one in sorted(answers.items()))


def finish(file, sections, left_out, known):
    """Writes the sections of a file, or compares them with what it has."""
    count = sum(len(answers) for answers in sections.values())
    if ARGS.check:
        stored, differing = json.loads(file.read_text()), []
        for section, answers in sections.items():
            differing += [(section, name) for name, one in answers.items() if stored[section].get(name) != one]
            differing += [(section, name) for name in stored[section] if name not in known[section]]
        print(f"Django {django.get_version()}: {count} queries compared, {len(left_out)} left out.")
        for section, name in differing:
            print(f"  differs: {name}\n    stored: {stored[section].get(name)}\n    now:    {sections[section].get(name)}")
        sys.exit(1 if differing else 0)
    if left_out:
        sys.exit(f"Django {django.get_version()} is too old for: {', '.join(left_out)}. Install 5.2, or use --check.")
    body = ",\n".join(f'  "{section}": {{\n{written(answers)}\n  }}' for section, answers in sections.items())
    file.write_text(f'{{\n  "django": "{django.get_version()}",\n{body}\n}}\n')
    print(f"{count} queries written with Django {django.get_version()}.")


def main():
    from queries import QUERIES, Query

    load_data("data.json", golden_models)
    if not ARGS.postgres:
        answers, left_out = run(QUERIES)
        finish(GOLDEN / "golden.json", {"queries": answers}, left_out, {"queries": QUERIES})
        return
    import postgres

    load_postgres_data()
    own = {name: query if isinstance(query, Query) else Query(query) for name, query in postgres.QUERIES.items()}
    answers, left_out = run(own)
    common, more = run(QUERIES)
    on_sqlite = json.loads((GOLDEN / "golden.json").read_text())["queries"]
    otherwise = {name: one for name, one in common.items() if one != on_sqlite[name]}
    known = {"queries": own, "otherwise": otherwise}
    finish(GOLDEN / "postgres/golden.json", {"queries": answers, "otherwise": otherwise}, left_out + more, known)


def main_on_postgres():
    try:
        with connection.cursor() as cursor:
            for extension in ("pg_trgm", "unaccent", "pgcrypto"):
                cursor.execute(f"CREATE EXTENSION {extension}")
        main()
    finally:
        connection.close()
        SERVER.drop()


main_on_postgres() if ARGS.postgres else main()
