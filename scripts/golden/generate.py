"""Golden rows: runs the queries of queries.py on the real Django and writes packages/orm/tests/golden/golden.json.

    python3 scripts/golden/generate.py            # needs Django: python3 -m pip install 'django==5.2.*'
    python3 scripts/golden/generate.py --check    # writes nothing; tells what differs, and fails if anything does

Debian's Django (apt install python3-django, 3.2) does for --check, too: queries that need a newer one are left out, and
those that Debian's answers otherwise (`changed`, with the reason) are not compared.
"""

import datetime
import decimal
import json
import pathlib
import re
import sys

import django
from django.conf import settings

HERE = pathlib.Path(__file__).resolve().parent
GOLDEN = HERE.parent.parent / "packages/orm/tests/golden/golden.json"

sys.path.insert(0, str(HERE))
settings.configure(
    INSTALLED_APPS=["golden"],
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}},
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


def load_data():
    tables = json.loads((HERE / "data.json").read_text())
    with connection.schema_editor() as editor:
        for name in tables:
            editor.create_model(getattr(golden_models, name))
    for name, rows in tables.items():
        model = getattr(golden_models, name)
        for row in rows:
            tags = row.pop("tags", [])
            instance = model()
            for key, value in row.items():
                field = model._meta.get_field(key)
                setattr(instance, field.attname, convert(field, value))
            instance.save(force_insert=True)
            if tags:
                instance.tags.add(*tags)


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


def main():
    from queries import QUERIES

    load_data()
    check = "--check" in sys.argv[1:]
    answers, left_out, broken = {}, [], []
    for name, query in QUERIES.items():
        if django.VERSION[:2] < query.since or (check and query.changed and django.VERSION[:2] < query.changed):
            left_out.append(name)
            continue
        try:
            answers[name] = answer(query)
        except Exception as error:  # a query that Django refuses is a mistake in queries.py
            broken.append(f"{name}: {type(error).__name__}: {error}")
    if broken:
        sys.exit("\n".join(broken))
    if check:
        stored = json.loads(GOLDEN.read_text())["queries"]
        differing = [name for name, one in answers.items() if stored.get(name) != json.loads(json.dumps(one))]
        differing += [name for name in stored if name not in QUERIES]
        print(f"Django {django.get_version()}: {len(answers)} queries compared, {len(left_out)} left out.")
        for name in differing:
            print(f"  differs: {name}\n    stored: {stored.get(name)}\n    now:    {answers.get(name)}")
        sys.exit(1 if differing else 0)
    if left_out:
        sys.exit(f"Django {django.get_version()} is too old for: {', '.join(left_out)}. Install 5.2, or use --check.")
    lines = [f"    {json.dumps(name)}: {json.dumps(one, ensure_ascii=False)}" for name, one in sorted(answers.items())]
    GOLDEN.write_text(
        f'{{\n  "django": "{django.get_version()}",\n  "queries": {{\n' + ",\n".join(lines) + "\n  }\n}\n"
    )
    print(f"{len(answers)} queries written with Django {django.get_version()}.")


main()
