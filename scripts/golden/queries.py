"""The queries of packages/orm/tests/golden/queries.ts, in Django, under the same names."""

import datetime
from dataclasses import dataclass
from decimal import Decimal
from typing import Callable, Optional, Tuple

from django.db.models import (
    Avg,
    BooleanField,
    Case,
    CharField,
    Count,
    DecimalField,
    DurationField,
    Exists,
    FilteredRelation,
    ExpressionWrapper,
    F,
    FloatField,
    IntegerField,
    Max,
    Min,
    OuterRef,
    Prefetch,
    Q,
    RowRange,
    Subquery,
    Sum,
    Value,
    When,
    Window,
)
from django.db.models.functions import (
    ATan,
    Cast,
    Ceil,
    Chr,
    Coalesce,
    Concat,
    Cos,
    CumeDist,
    Degrees,
    DenseRank,
    ExtractHour,
    ExtractIsoWeekDay,
    ExtractQuarter,
    ExtractWeek,
    ExtractWeekDay,
    ExtractYear,
    FirstValue,
    Floor,
    LPad,
    Lag,
    LastValue,
    Lead,
    Left,
    Length,
    Ln,
    Log,
    Lower,
    MD5,
    Mod,
    NthValue,
    Ntile,
    Ord,
    PercentRank,
    Power,
    RPad,
    Rank,
    Repeat,
    Replace,
    Reverse,
    Right,
    Round,
    RowNumber,
    SHA384,
    SHA256,
    Sin,
    Sqrt,
    StrIndex,
    Substr,
    TruncDay,
    TruncHour,
    TruncMinute,
    TruncMonth,
    TruncQuarter,
    TruncWeek,
    TruncYear,
    Upper,
)
from golden.models import Author, Book, Profile, Publisher, Review, Stock, Store, Tag

A, B, P, R, S, T = Author.objects, Book.objects, Publisher.objects, Review.objects, Store.objects, Tag.objects
UTC = datetime.timezone.utc


@dataclass
class Query:
    run: Callable
    # Whether the order of rows counts; None: as Django says.
    ordered: Optional[bool] = None
    # The first Django that can answer.
    since: Tuple[int, int] = (3, 2)
    # The first Django that answers so; a word why stands beside.
    changed: Optional[Tuple[int, int]] = None
    # Why Django cannot answer it on PostgreSQL.
    not_on_postgres: Optional[str] = None


def time(*parts):
    return datetime.datetime(*parts, tzinfo=UTC)


def typed(expression, field):
    return ExpressionWrapper(expression, output_field=field)


def money(expression):
    return typed(expression, DecimalField(max_digits=20, decimal_places=6))


DAY = datetime.date
CLOCK = datetime.time

TEXT = {
    "text/exact": lambda: B.filter(title="Emma"),
    "text/exact: case counts": lambda: B.filter(title__exact="EMMA"),
    "text/exact: the empty string": lambda: B.filter(title=""),
    "text/iexact": lambda: B.filter(title__iexact="EMMA"),
    "text/iexact: beyond ASCII": lambda: A.filter(name__iexact="äRNE"),
    "text/iexact null": lambda: A.filter(email__iexact=None),
    "text/contains": lambda: B.filter(title__contains="mm"),
    "text/contains: case counts": lambda: B.filter(title__contains="MM"),
    "text/contains %": lambda: B.filter(title__contains="0%"),
    "text/contains _": lambda: B.filter(title__contains="_"),
    "text/contains a backslash": lambda: B.filter(title__contains="\\"),
    "text/contains a quote": lambda: B.filter(title__contains="'"),
    "text/contains a double quote": lambda: B.filter(title__contains='"'),
    "text/contains nothing": lambda: B.filter(title__contains=""),
    "text/icontains": lambda: B.filter(title__icontains="E"),
    "text/icontains beyond ASCII": lambda: P.filter(books__title__icontains="SSE"),
    "text/icontains umlaut": lambda: A.filter(name__icontains="ÄR"),
    "text/in": lambda: B.filter(title__in=["Emma", "Villette", "no such"]),
    "text/in nothing": lambda: B.filter(title__in=[]),
    "text/in with null": lambda: A.filter(email__in=["jane@example.com", None]),
    "text/gt": lambda: B.filter(title__gt="Straße"),
    "text/gte": lambda: B.filter(title__gte="Straße"),
    "text/lt": lambda: B.filter(title__lt="Jane"),
    "text/lte": lambda: B.filter(title__lte="Jane Eyre"),
    "text/range": lambda: B.filter(title__range=("E", "Q")),
    "text/startswith": lambda: B.filter(title__startswith="Em"),
    "text/startswith: case counts": lambda: B.filter(title__startswith="em"),
    "text/startswith %": lambda: B.filter(title__startswith="1%"),
    "text/istartswith": lambda: B.filter(title__istartswith="eM"),
    "text/endswith": lambda: B.filter(title__endswith="e"),
    "text/iendswith": lambda: B.filter(title__iendswith="ETTE"),
    "text/endswith a backslash": lambda: A.filter(name__endswith="\\"),
    "text/isnull": lambda: A.filter(email__isnull=True),
    "text/is not null": lambda: A.filter(email__isnull=False),
    "text/regex": lambda: B.filter(title__regex=r"^E[mn]+a$"),
    "text/regex: case counts": lambda: B.filter(title__regex=r"^e"),
    "text/regex alternatives": lambda: B.filter(title__regex=r"(ette|sion)$"),
    "text/regex digits": lambda: B.filter(title__regex=r"[0-9]{3}"),
    "text/iregex": lambda: B.filter(title__iregex=r"^(EMMA|VILL)"),
    "text/regex of null": lambda: A.filter(email__regex=r"org$"),
    "text/exclude regex of null": lambda: A.exclude(email__regex=r"org$"),
    "text/exclude icontains of null": lambda: A.exclude(email__icontains="ORG"),
}

NUMBERS = {
    "number/exact": lambda: B.filter(pages=416),
    "number/gt": lambda: B.filter(pages__gt=416),
    "number/gte": lambda: B.filter(pages__gte=416),
    "number/lt": lambda: B.filter(pages__lt=12),
    "number/lte": lambda: B.filter(pages__lte=12),
    "number/in": lambda: B.filter(pages__in=[0, 7, 249, 9999]),
    "number/range": lambda: B.filter(pages__range=(100, 416)),
    "number/range upside down": lambda: B.filter(pages__range=(416, 100)),
    "number/negative": lambda: B.filter(stock__lt=0),
    "number/null": lambda: B.filter(stock=None),
    "number/isnull": lambda: B.filter(stock__isnull=True),
    "number/zero is not null": lambda: B.filter(stock=0),
    "number/in with null": lambda: B.filter(stock__in=[3, None]),
    "number/exclude in with null": lambda: B.exclude(stock__in=[3, None]),
    "number/exclude in nothing": lambda: B.exclude(stock__in=[]),
    "number/float": lambda: B.filter(weight=0.5),
    "number/float gt": lambda: B.filter(weight__gt=0.25),
    "number/float range": lambda: A.filter(rating__range=(-2, 2.5)),
    "number/decimal": lambda: B.filter(price=Decimal("9.5")),
    "number/decimal gt": lambda: B.filter(price__gt=Decimal("9.5")),
    "number/decimal gte": lambda: B.filter(price__gte=Decimal("9.50")),
    "number/decimal in": lambda: B.filter(price__in=[Decimal("7.25"), Decimal("12")]),
    "number/decimal range": lambda: B.filter(price__range=(Decimal("-5"), Decimal("7.25"))),
    "number/decimal: as a number, not as text": lambda: B.filter(price__lt=Decimal("12")),
    "number/boolean": lambda: B.filter(translated=True),
    "number/boolean in": lambda: B.filter(translated__in=[False]),
    "number/exclude boolean": lambda: B.exclude(translated=True),
}

DATES = {
    "date/exact": lambda: B.filter(bought=DAY(2020, 2, 29)),
    "date/gt": lambda: B.filter(bought__gt=DAY(2021, 1, 1)),
    "date/lte": lambda: B.filter(bought__lte=DAY(2000, 2, 29)),
    "date/range": lambda: B.filter(bought__range=(DAY(2020, 1, 1), DAY(2020, 12, 31))),
    "date/in": lambda: B.filter(bought__in=[DAY(2021, 1, 1), DAY(2025, 1, 1)]),
    "date/year": lambda: B.filter(bought__year=2020),
    "date/year gte": lambda: B.filter(bought__year__gte=2021),
    "date/year lt": lambda: B.filter(bought__year__lt=2000),
    "date/year in": lambda: B.filter(bought__year__in=[1999, 2025]),
    "date/year range": lambda: B.filter(bought__year__range=(2000, 2020)),
    "date/isoYear": Query(lambda: B.filter(bought__iso_year=2020), changed=(4, 0)),
    "date/isoYear of the next year": Query(lambda: B.filter(bought__iso_year=2025), changed=(4, 0)),
    "date/quarter": lambda: B.filter(bought__quarter=2),
    "date/quarter gt": lambda: B.filter(bought__quarter__gt=2),
    "date/month": lambda: B.filter(bought__month=12),
    "date/month in": lambda: B.filter(bought__month__in=[2, 6]),
    "date/week": lambda: B.filter(bought__week=53),
    "date/week 1": lambda: B.filter(bought__week=1),
    "date/day": lambda: B.filter(bought__day=31),
    "date/day gte": lambda: B.filter(bought__day__gte=29),
    "date/weekDay": lambda: B.filter(bought__week_day=1),
    "date/weekDay saturday": lambda: B.filter(bought__week_day=7),
    "date/isoWeekDay": lambda: B.filter(bought__iso_week_day=7),
    "date/isoWeekDay lt": lambda: B.filter(bought__iso_week_day__lt=5),
    "date/null": lambda: B.filter(bought=None),
    "date/exclude year of null": lambda: B.exclude(bought__year=2020),
    "date/exclude month of null": lambda: B.exclude(bought__month=12),
    "dateTime/exact": lambda: B.filter(published=time(1815, 12, 23)),
    "dateTime/exact with milliseconds": lambda: B.filter(published=time(2024, 2, 29, 6, 7, 8, 9000)),
    "dateTime/gt": lambda: B.filter(published__gt=time(2023, 3, 31, 10, 20, 30)),
    "dateTime/gte": lambda: B.filter(published__gte=time(2023, 3, 31, 10, 20, 30)),
    "dateTime/lt": lambda: B.filter(published__lt=time(1847, 10, 16, 12)),
    "dateTime/range": lambda: B.filter(published__range=(time(1847, 1, 1), time(1847, 12, 31))),
    "dateTime/in": lambda: B.filter(published__in=[time(2025, 1, 1), time(1815, 12, 23)]),
    "dateTime/year": lambda: B.filter(published__year=1847),
    "dateTime/year: its last moment": lambda: B.filter(published__year=1999),
    "dateTime/year gt": lambda: B.filter(published__year__gt=2023),
    "dateTime/year lte": lambda: B.filter(published__year__lte=1847),
    "dateTime/isoYear": lambda: B.filter(published__iso_year=2020),
    "dateTime/isoYear gt": lambda: B.filter(published__iso_year__gt=2023),
    "dateTime/quarter": lambda: B.filter(published__quarter=4),
    "dateTime/month": lambda: B.filter(published__month=2),
    "dateTime/week": lambda: B.filter(published__week=53),
    "dateTime/day": lambda: B.filter(published__day=31),
    "dateTime/weekDay": lambda: B.filter(published__week_day=4),
    "dateTime/isoWeekDay": lambda: B.filter(published__iso_week_day=3),
    "dateTime/date": lambda: B.filter(published__date=DAY(1847, 11, 24)),
    "dateTime/date gt": lambda: B.filter(published__date__gt=DAY(2020, 12, 28)),
    "dateTime/date in": lambda: B.filter(published__date__in=[DAY(2020, 12, 28), DAY(1999, 12, 31)]),
    "dateTime/date range": lambda: B.filter(published__date__range=(DAY(2020, 1, 1), DAY(2020, 12, 28))),
    "dateTime/time": lambda: B.filter(published__time=CLOCK(12)),
    "dateTime/time gte": lambda: B.filter(published__time__gte=CLOCK(18, 30)),
    "dateTime/hour": lambda: B.filter(published__hour=23),
    "dateTime/hour lt": lambda: B.filter(published__hour__lt=8),
    "dateTime/minute": lambda: B.filter(published__minute=59),
    "dateTime/second": lambda: B.filter(published__second=30),
    "dateTime/second: the fraction is cut off": lambda: B.filter(published__second=59),
    "dateTime/over a relation": lambda: R.filter(book__published__year=1815, written__month__lt=4),
    "dateTime/exclude date": lambda: B.exclude(published__date=DAY(1847, 11, 24)),
    "time/exact": lambda: B.filter(opens=CLOCK(9, 30)),
    "time/exact with a fraction": lambda: B.filter(opens=CLOCK(10, 20, 30, 500000)),
    "time/gt": lambda: B.filter(opens__gt=CLOCK(12)),
    "time/range": lambda: B.filter(opens__range=(CLOCK(6), CLOCK(12))),
    "time/hour": lambda: B.filter(opens__hour=12),
    "time/minute": lambda: B.filter(opens__minute=30),
    "time/second": lambda: B.filter(opens__second=59),
    "time/second gt": lambda: B.filter(opens__second__gt=8),
    "time/isnull": lambda: B.filter(opens__isnull=True),
    "duration/exact": lambda: B.filter(loan=datetime.timedelta(days=1)),
    "duration/gt": lambda: B.filter(loan__gt=datetime.timedelta(hours=1)),
    "duration/lt": lambda: B.filter(loan__lt=datetime.timedelta(0)),
    "duration/in": lambda: B.filter(loan__in=[datetime.timedelta(microseconds=1), datetime.timedelta(days=14)]),
}

JOINS = {
    "join/fk": lambda: B.filter(author__name="Jane"),
    "join/fk by instance": lambda: B.filter(author=A.get(name="Jane")),
    "join/fk by key": lambda: B.filter(author=2),
    "join/fk id": lambda: B.filter(author__id__in=[2, 3]),
    "join/fk column": lambda: B.filter(author_id=1),
    "join/fk in instances": lambda: B.filter(author__in=list(A.filter(age=30))),
    "join/nullable fk": lambda: B.filter(publisher__name="Insel"),
    "join/nullable fk isnull": lambda: B.filter(publisher__isnull=True),
    "join/nullable fk null": lambda: B.filter(publisher=None),
    "join/nullable fk's column isnull": lambda: B.filter(publisher__city__isnull=True),
    "join/nullable fk's column is not null": lambda: B.filter(publisher__city__isnull=False),
    "join/two fks to one model": lambda: B.filter(author__name="Charlotte", editor__name="Charlotte"),
    "join/self": lambda: A.filter(boss__name="Jane"),
    "join/self twice": lambda: A.filter(boss__boss__name="Jane"),
    "join/self three times": lambda: A.filter(boss__boss__boss__age=30),
    "join/self isnull": lambda: A.filter(boss__boss__isnull=True),
    "join/reverse self": lambda: A.filter(team__age=29),
    "join/three hops": lambda: R.filter(book__author__boss__name="Jane"),
    "join/reverse fk": lambda: A.filter(books__title="Emma"),
    "join/reverse fk: duplicates": lambda: A.filter(books__pages__gt=200),
    "join/reverse fk isnull": lambda: A.filter(books__isnull=True),
    "join/reverse fk is not null: duplicates": lambda: A.filter(books__isnull=False),
    "join/reverse fk, a column isnull": lambda: A.filter(books__price__isnull=True),
    "join/reverse fk by instance": lambda: A.filter(books=B.get(title="Villette")),
    "join/reverse of three hops": lambda: A.filter(books__reviews__reviewer__name="Jane"),
    "join/m2m": lambda: B.filter(tags__label="gothic"),
    "join/m2m by key": lambda: B.filter(tags=2),
    "join/m2m id": lambda: B.filter(tags__id__in=[3, 4]),
    "join/m2m isnull": lambda: B.filter(tags__isnull=True),
    "join/m2m in instances": lambda: B.filter(tags__in=list(T.filter(label__iexact="novel"))),
    "join/m2m reverse": lambda: T.filter(books__title="Emma"),
    "join/m2m reverse isnull": lambda: T.filter(books__isnull=True),
    "join/m2m then fk": lambda: B.filter(tags__parent__label="novel"),
    "join/m2m then fk isnull": lambda: B.filter(tags__parent__isnull=True),
    "join/m2m with a model between": lambda: S.filter(books__title="Emma"),
    "join/m2m with a model between, reverse": lambda: B.filter(stores__city="London"),
    "join/the model between": lambda: S.filter(stocks__copies__gt=4),
    "join/the model between, both ways": lambda: B.filter(stocks__store__name="Corner", stocks__copies=0),
    "join/one-to-one": lambda: Profile.objects.filter(author__name="Jane"),
    "join/one-to-one reverse": lambda: A.filter(profile__lucky=7),
    "join/one-to-one reverse isnull": lambda: A.filter(profile__isnull=True),
    "join/one-to-one reverse is not null": lambda: A.filter(profile__isnull=False),
    "join/one-to-one reverse, a column isnull": lambda: A.filter(profile__motto__isnull=True),
    "join/fk then one-to-one": lambda: B.filter(author__profile__motto="Pride"),
    "multi/filter(a, b): one row meets both": lambda: A.filter(books__title="Emma", books__pages=249),
    "multi/filter(a).filter(b): two rows may": lambda: A.filter(books__title="Emma").filter(books__pages=249),
    "multi/filter(a, b) on m2m": lambda: B.filter(tags__label="novel", tags__id=1),
    "multi/filter(a).filter(b) on m2m": lambda: B.filter(tags__label="novel").filter(tags__label="classic"),
    "multi/Q and Q in one filter": lambda: B.filter(Q(tags__label="novel") & Q(tags__label="classic")),
    "multi/duplicates multiply": lambda: A.filter(books__pages__gt=200).filter(books__pages__gt=400),
    "multi/reviews and stars in one": lambda: B.filter(reviews__stars=5, reviews__reviewer__name="Charlotte"),
    "multi/reviews and stars in two": lambda: B.filter(reviews__stars=5).filter(reviews__reviewer__name="Charlotte"),
    "multi/one and not the other, of one row": lambda: A.filter(Q(books__pages__gt=100) & ~Q(books__title="Emma")),
    "multi/not the one and the other": lambda: A.filter(~Q(books__title="Emma") & Q(books__pages__gt=100)),
    "multi/one and not the other, on m2m": lambda: B.filter(Q(tags__label="novel") & ~Q(tags__label="gothic")),
    "multi/one or not the other": lambda: A.filter(Q(books__pages__gt=400) | ~Q(books__title="Emma")),
    "multi/two filters, then a sum": lambda: A.filter(books__title="Emma")
    .filter(books__pages=249)
    .annotate(n=Sum("books__pages")),
    "multi/two filters, then values": lambda: A.filter(books__title="Emma").filter(books__pages=249).values("books__title"),
    "multi/two filters, then order": lambda: A.filter(books__pages__gt=400)
    .filter(books__pages__gt=100)
    .order_by("books__title", "id"),
    "multi/through a fk, twice": lambda: R.filter(book__tags__label="novel").filter(book__tags__label="gothic"),
}

EXCLUDE = {
    "exclude/column": lambda: B.exclude(title="Emma"),
    "exclude/nullable column keeps nulls": lambda: B.exclude(price=Decimal("9.50")),
    "exclude/nullable column gt": lambda: B.exclude(price__gt=5),
    "exclude/isnull": lambda: B.exclude(price__isnull=True),
    "exclude/not null": lambda: B.exclude(price__isnull=False),
    "exclude/two columns": lambda: B.exclude(pages=416, price=12),
    "exclude/twice": lambda: B.exclude(pages=416).exclude(price=Decimal("7.25")),
    "exclude/fk": lambda: B.exclude(author__name="Jane"),
    "exclude/nullable fk": lambda: B.exclude(publisher__name="Insel"),
    "exclude/nullable fk's nullable column": lambda: B.exclude(publisher__city="London"),
    "exclude/nullable fk's column isnull": lambda: B.exclude(publisher__city__isnull=True),
    "exclude/nullable fk isnull": lambda: B.exclude(publisher__isnull=True),
    "exclude/nullable fk by key": lambda: B.exclude(publisher=2),
    "exclude/self twice": lambda: A.exclude(boss__boss__name="Jane"),
    "exclude/reverse fk": lambda: A.exclude(books__title="Emma"),
    "exclude/reverse fk, nullable column": lambda: A.exclude(books__price__gt=5),
    "exclude/reverse fk isnull": lambda: A.exclude(books__isnull=True),
    "exclude/reverse fk is not null": lambda: A.exclude(books__isnull=False),
    "exclude/reverse fk, column isnull": lambda: A.exclude(books__price__isnull=True),
    "exclude/reverse fk, two conditions may be met by two rows": lambda: A.exclude(books__title="Emma", books__pages=249),
    "exclude/reverse fk and own column": lambda: A.exclude(books__pages__gt=400, age=30),
    "exclude/m2m": lambda: B.exclude(tags__label="novel"),
    "exclude/m2m by key": lambda: B.exclude(tags=1),
    "exclude/m2m isnull": lambda: B.exclude(tags__isnull=True),
    "exclude/m2m then nullable fk": lambda: B.exclude(tags__parent__label="novel"),
    "exclude/m2m then nullable fk isnull": lambda: B.exclude(tags__parent__isnull=True),
    "exclude/m2m with a model between": lambda: S.exclude(books__title="Emma"),
    "exclude/fk then reverse": lambda: B.exclude(author__books__title="Emma"),
    "exclude/nullable fk then reverse": lambda: B.exclude(publisher__books__title="Emma"),
    "exclude/nullable fk then reverse isnull": lambda: B.exclude(editor__books__isnull=True),
    "exclude/reverse then fk": lambda: P.exclude(books__author__name="Jane"),
    "exclude/reverse then nullable fk": lambda: A.exclude(books__publisher__name="Insel"),
    "exclude/three hops": lambda: A.exclude(books__reviews__reviewer__name="Jane"),
    "exclude/three hops to a nullable column": lambda: P.exclude(books__author__boss__age__gt=29),
    "exclude/one-to-one reverse": lambda: A.exclude(profile__lucky=7),
    "exclude/one-to-one reverse isnull": lambda: A.exclude(profile__isnull=True),
    "exclude/after filter on the same relation": lambda: A.filter(books__pages__gt=400).exclude(books__title="Emma"),
    "exclude/before filter on the same relation": lambda: A.exclude(books__title="Emma").filter(books__pages__gt=400),
    "exclude/in a subquery": lambda: A.exclude(id__in=B.filter(pages__gt=400).values("author")),
    "exclude/in a subquery with nulls": lambda: A.exclude(id__in=B.values("editor")),
    "exclude/Q or": lambda: B.exclude(Q(pages=416) | Q(price=Decimal("9.50"))),
    "exclude/Q or over relations": lambda: B.exclude(Q(publisher__name="Insel") | Q(tags__label="short")),
    "exclude/Q and of two relations": lambda: B.exclude(Q(publisher__name="Insel") & Q(tags__label="gothic")),
    "exclude/not Q": lambda: B.exclude(~Q(tags__label="novel")),
    "exclude/not Q of a nullable column": lambda: B.exclude(~Q(price__gt=5)),
    "exclude/column with F": lambda: B.exclude(price=F("cost")),
    "exclude/two nullable columns with F": lambda: B.exclude(stock__lt=F("weight")),
    "exclude/F behind a nullable relation": lambda: B.exclude(title=F("publisher__name")),
    "exclude/F in arithmetic": lambda: B.exclude(pages__gt=F("stock") * 100),
    "exclude/nullable column with arithmetic": lambda: B.exclude(stock__lt=F("pages") + 1),
    "exclude/many with F outside": lambda: A.exclude(books__pages__gt=F("age") * 10),
    "exclude/many with a nullable F outside": lambda: A.exclude(books__pages__gt=F("age")),
    "exclude/annotation that may be null": lambda: B.annotate(more=F("stock") + 1).exclude(more__gt=3),
    "exclude/annotation of a nullable column": lambda: B.annotate(more=F("stock")).exclude(more=3),
    "exclude/nothing": lambda: B.exclude(),
}

CONDITIONS = {
    "q/or": lambda: B.filter(Q(title="Emma") | Q(pages=416)),
    "q/or of relation and column": lambda: B.filter(Q(publisher__name="Insel") | Q(pages=7)),
    "q/or of the same relation": lambda: B.filter(Q(publisher__name="Insel") | Q(publisher__name="Penguin")),
    "q/or of two relations": lambda: B.filter(Q(publisher__name="Insel") | Q(editor__name="Jane")),
    "q/or then filter": lambda: B.filter(Q(publisher__name="Insel") | Q(pages=7)).filter(publisher__city="Leipzig"),
    "q/or of reverse and column": lambda: A.filter(Q(books__title="Emma") | Q(age=29)).distinct(),
    "q/or of m2m and isnull": lambda: B.filter(Q(tags__label="gothic") | Q(tags__isnull=True)),
    "q/or with a chain that may be missing": lambda: A.filter(Q(boss__boss__name="Jane") | Q(rating=4.5)),
    "q/and": lambda: B.filter(Q(pages__gt=100) & Q(pages__lt=400)),
    "q/and with lookups": lambda: B.filter(Q(pages__gt=100) | Q(stock=3), translated=True),
    "q/not": lambda: B.filter(~Q(title="Emma")),
    "q/not of a nullable column": lambda: B.filter(~Q(price=12)),
    "q/not not of a nullable column": lambda: B.filter(~~Q(price=12)),
    "q/not of or": lambda: B.filter(~(Q(price=12) | Q(stock=3))),
    "q/not of and": lambda: B.filter(~(Q(price=12) & Q(pages=416))),
    "q/not in or": lambda: B.filter(~Q(price__gt=5) | Q(title="Emma")),
    "q/not of a relation in or": lambda: B.filter(~Q(publisher__name="Insel") | Q(title="Jane Eyre")),
    "q/not of m2m in or": lambda: B.filter(~Q(tags__label="novel") | Q(title="Emma")),
    "q/not of m2m in and": lambda: B.filter(~Q(tags__label="gothic") & Q(tags__label="novel")),
    "q/or in and in or": lambda: B.filter(((Q(pages=416) | Q(pages=500)) & Q(author__name="Charlotte")) | Q(stock=10)),
    "q/not of or of and": lambda: B.filter(~((Q(pages=416) & Q(price=12)) | (Q(stock=3) & ~Q(title="Emma")))),
    "q/or with in nothing": lambda: B.filter(Q(pages__in=[]) | Q(title="Emma")),
    "q/and with in nothing": lambda: B.filter(Q(pages__in=[]) & Q(title="Emma")),
    "q/not in nothing": lambda: B.filter(~Q(pages__in=[])),
    "q/empty": lambda: B.filter(Q()),
    "q/xor": Query(lambda: B.filter(Q(translated=True) ^ Q(pages__gt=300)), since=(4, 1)),
    "q/xor of three is a parity": Query(
        lambda: B.filter(Q(translated=True) ^ Q(pages__gt=300) ^ Q(stock__gt=2)), since=(5, 0)
    ),
    "q/not xor": Query(lambda: B.filter(~(Q(translated=True) ^ Q(pages__gt=300))), since=(4, 1)),
    "q/xor with null": Query(lambda: B.filter(Q(price__gt=5) ^ Q(pages__gt=300)), since=(4, 1)),
    "q/xor of relations": Query(lambda: B.filter(Q(publisher__name="Insel") ^ Q(pages__gt=400)), since=(4, 1)),
    "q/in a query set": lambda: B.filter(author__in=A.filter(age=30)),
    "q/in a query set of values": lambda: B.filter(author__in=B.filter(pages__gt=400).values("editor")),
    "q/in a query set with a slice": lambda: B.filter(author__in=A.order_by("-name")[:3]),
    "q/in an empty query set": lambda: B.filter(author__in=A.none()),
    "q/exclude in an empty query set": lambda: B.exclude(author__in=A.none()),
}

EXPRESSIONS = {
    "f/filter": lambda: B.filter(price=F("cost")),
    "f/filter gt": lambda: B.filter(price__gt=F("cost")),
    "f/filter over a relation": lambda: B.filter(author__age__lt=F("pages")),
    "f/with a relation": lambda: B.filter(pages__gt=F("author__age")),
    "f/with a nullable relation": lambda: B.filter(pages__lt=F("editor__age")),
    "f/same relation on both sides": lambda: B.filter(author=F("editor")),
    "f/different": lambda: B.exclude(author=F("editor")),
    "f/plus": lambda: B.filter(pages__gt=F("stock") + 400),
    "f/times": lambda: B.filter(pages__gt=F("stock") * 100),
    "f/two columns": lambda: B.filter(pages__lt=F("stock") * F("stock")),
    "f/minus a decimal": lambda: B.filter(price__gt=F("cost") + Decimal("0.005")),
    "f/across many": lambda: A.filter(books__pages__gt=F("age") * 10),
    "f/in a range": lambda: B.filter(pages__range=(F("stock"), 100)),
    "f/in": lambda: B.filter(pages__in=[F("stock"), 416]),
    "f/annotate plus": lambda: B.annotate(more=F("pages") + 1).filter(more__gt=416),
    "f/annotate null": lambda: B.annotate(more=F("stock") + 1).filter(pages__lt=300),
    "f/annotate decimal": lambda: B.annotate(gain=F("price") - F("cost")),
    "f/annotate decimal times number": lambda: B.annotate(total=money(F("price") * F("pages"))),
    "f/annotate decimal times a decimal": lambda: B.annotate(taxed=money(F("price") * Decimal("1.19"))),
    "f/annotate float": lambda: B.annotate(double=F("weight") * 2.0),
    "f/annotate mod": lambda: B.filter(pages__gt=0).annotate(rest=F("pages") % 7),
    "f/annotate a path": lambda: B.annotate(boss=F("author__boss__name")),
    "f/annotate difference of date-times": lambda: R.filter(book__published__year__gte=2020).annotate(
        after=typed(F("written") - F("book__published"), DurationField())
    ),
    "f/annotate difference of dates": lambda: B.annotate(
        late=typed(F("bought") - F("bought"), DurationField())
    ).filter(id__lte=5),
    "f/date-time plus duration": Query(
        lambda: R.annotate(due=F("written") + datetime.timedelta(days=1, seconds=1)).filter(id__lte=3), since=(4, 2)
    ),
    "f/filter by date-time plus duration": lambda: R.filter(
        written__gt=F("book__published") + datetime.timedelta(days=365)
    ),
    "f/order by an expression": lambda: B.order_by(F("pages") * -1, "title"),
    "f/order nulls last": lambda: B.order_by(F("stock").desc(nulls_last=True), "title"),
    "f/order nulls first": lambda: B.order_by(F("stock").asc(nulls_first=True), "title"),
    "expr/value": lambda: T.annotate(one=Value(1)).filter(id=1),
    "expr/length": lambda: T.annotate(size=Length("label")).filter(size__gt=5),
    "expr/lower": lambda: T.annotate(small=Lower("label")).filter(small="novel"),
    "expr/upper": lambda: T.annotate(big=Upper("label")).values_list("big", flat=True),
    "expr/concat": lambda: T.annotate(both=Concat("label", Value("/"), "parent__label")),
    "expr/coalesce": lambda: B.annotate(left=Coalesce("stock", "pages")),
    "expr/coalesce with a value": lambda: A.annotate(years=Coalesce("age", 0)).filter(years__lt=30),
    "expr/coalesce over relations": lambda: B.annotate(who=Coalesce("editor__name", "author__name")),
    "expr/case": lambda: B.annotate(
        size=Case(
            When(pages__gt=400, then=Value("long")),
            When(pages__gt=100, then=Value("medium")),
            default=Value("short"),
            output_field=CharField(),
        )
    ),
    "expr/case without a default": lambda: B.annotate(
        size=Case(When(pages__gt=400, then=Value("long")), output_field=CharField())
    ),
    "expr/case by Q over a relation": lambda: B.annotate(
        kind=Case(
            When(Q(publisher__city="London") | Q(pages=416), then=Value(1)), default=Value(0), output_field=IntegerField()
        )
    ),
    "expr/case with F": lambda: B.annotate(
        best=Case(When(price__isnull=True, then=F("cost")), default=F("price"), output_field=DecimalField())
    ),
    "expr/case, then filter": lambda: B.annotate(
        size=Case(When(pages__gt=400, then=Value("long")), default=Value("short"), output_field=CharField())
    ).filter(size="long"),
    "expr/order by case": lambda: B.order_by(
        Case(When(status="done", then=Value(0)), default=Value(1), output_field=IntegerField()), "title"
    ),
    "expr/subquery": lambda: A.annotate(
        longest=Subquery(B.filter(author=OuterRef("pk")).order_by("-pages").values("title")[:1])
    ),
    "expr/subquery, then filter": lambda: A.annotate(
        longest=Subquery(B.filter(author=OuterRef("pk")).order_by("-pages").values("pages")[:1])
    ).filter(longest__gt=400),
    "expr/subquery over a path": lambda: R.annotate(
        same=Subquery(R.filter(book=OuterRef("book"), id__lt=OuterRef("id")).order_by("-id").values("stars")[:1])
    ),
    "expr/subquery of an aggregate": lambda: A.annotate(
        total=Subquery(B.filter(author=OuterRef("pk")).order_by().values("author").annotate(s=Sum("pages")).values("s"))
    ),
    "expr/exists": lambda: A.annotate(has=Exists(B.filter(author=OuterRef("pk"), pages__gt=400))),
    "expr/filter by exists": lambda: A.filter(Exists(B.filter(author=OuterRef("pk"), pages__gt=400))),
    "expr/filter by not exists": lambda: A.filter(~Exists(B.filter(author=OuterRef("pk")))),
    "expr/exists or": lambda: A.filter(Q(Exists(B.filter(editor=OuterRef("pk")))) | Q(age=41)),
    "expr/exists with a path outside": lambda: B.filter(Exists(R.filter(reviewer=OuterRef("author__boss")))),
    "expr/exists in exists": lambda: P.filter(
        Exists(B.filter(publisher=OuterRef("pk")).filter(Exists(R.filter(book=OuterRef("pk"), stars=5))))
    ),
    "expr/annotated exists, then filter": lambda: A.annotate(has=Exists(B.filter(author=OuterRef("pk")))).filter(has=False),
    "expr/alias": lambda: A.alias(n=Count("books")).filter(n=2),
    "window/rowNumber": lambda: B.annotate(row=Window(RowNumber(), order_by=F("title").asc())),
    "window/rank": lambda: B.annotate(place=Window(Rank(), order_by=F("pages").desc())),
    "window/denseRank": lambda: B.annotate(place=Window(DenseRank(), order_by=F("pages").desc())),
    "window/partition": lambda: B.annotate(
        place=Window(RowNumber(), partition_by=[F("author")], order_by=F("title").asc())
    ),
    "window/sum": lambda: B.annotate(total=Window(Sum("pages"), partition_by=[F("publisher")])),
    "window/running sum": lambda: B.annotate(total=Window(Sum("pages"), order_by=F("title").asc())),
    "window/filter": Query(
        lambda: B.annotate(
            place=Window(RowNumber(), partition_by=[F("author")], order_by=[F("pages").desc(), F("title").asc()])
        ).filter(place=1),
        since=(4, 2),
    ),
}

AGGREGATES = {
    "annotate/count": lambda: A.annotate(n=Count("books")),
    "annotate/count m2m": lambda: B.annotate(n=Count("tags")),
    "annotate/count the reverse of m2m": lambda: T.annotate(n=Count("books")),
    "annotate/count a nullable column": lambda: A.annotate(n=Count("books__price")),
    "annotate/count distinct": lambda: A.annotate(n=Count("books__price", distinct=True)),
    "annotate/count *": lambda: A.annotate(n=Count("*")),
    "annotate/sum": lambda: A.annotate(n=Sum("books__pages")),
    "annotate/sum of decimals": lambda: A.annotate(n=Sum("books__price")),
    "annotate/sum with a default": Query(lambda: A.annotate(n=Sum("books__pages", default=0)), since=(4, 0)),
    "annotate/sum distinct": lambda: P.annotate(n=Sum("books__pages", distinct=True)),
    "annotate/avg": lambda: A.annotate(n=Avg("books__pages")),
    "annotate/avg of decimals": lambda: A.annotate(n=Avg("books__price")),
    "annotate/avg of floats": lambda: P.annotate(n=Avg("books__weight")),
    "annotate/min": lambda: A.annotate(n=Min("books__price")),
    "annotate/max": lambda: A.annotate(n=Max("books__pages")),
    "annotate/max of text": lambda: A.annotate(n=Max("books__title")),
    "annotate/max of a date-time": lambda: A.annotate(n=Max("books__published")),
    "annotate/min of a date": lambda: P.annotate(n=Min("books__bought")),
    "annotate/max of a duration": lambda: P.annotate(n=Max("books__loan")),
    "annotate/three hops": lambda: A.annotate(n=Avg("books__reviews__stars")),
    "annotate/filter": lambda: A.annotate(n=Count("books", filter=Q(books__pages__gt=400))),
    "annotate/filter by another relation": lambda: A.annotate(n=Count("books", filter=Q(books__tags__label="novel"))),
    "annotate/sum with a filter": lambda: A.annotate(n=Sum("books__pages", filter=Q(books__translated=True))),
    "annotate/of an expression": lambda: A.annotate(n=Sum(F("books__pages") + F("books__stock"))),
    "annotate/of an expression with decimals": lambda: A.annotate(n=Sum(money(F("books__price") * F("books__stock")))),
    "annotate/two multi-valued relations multiply": lambda: B.annotate(n=Count("tags"), m=Count("reviews")),
    "annotate/two multi-valued relations, distinct": lambda: B.annotate(
        n=Count("tags", distinct=True), m=Count("reviews", distinct=True)
    ),
    "annotate/two aggregates of one relation": lambda: A.annotate(n=Count("books"), m=Max("books__pages")),
    "annotate/filter before": lambda: A.filter(books__pages__gt=400).annotate(n=Count("books")),
    "annotate/filter after": lambda: A.annotate(n=Count("books")).filter(books__pages__gt=100),
    "annotate/exclude before": lambda: A.exclude(books__title="Emma").annotate(n=Count("books")),
    "annotate/exclude after": lambda: A.annotate(n=Count("books")).exclude(books__title="Emma"),
    "having/filter by the count": lambda: A.annotate(n=Count("books")).filter(n__gte=2),
    "having/exclude by the count": lambda: A.annotate(n=Count("books")).exclude(n=0),
    "having/exclude by a null sum": lambda: A.annotate(n=Sum("books__pages")).exclude(n__gt=400),
    "having/or with a column": lambda: A.annotate(n=Count("books")).filter(Q(n__gt=1) | Q(name="Nobody")),
    "having/or with a relation": lambda: A.annotate(n=Count("books")).filter(Q(n__gt=1) | Q(profile__lucky=13)),
    "having/and with a column": lambda: A.annotate(n=Count("books")).filter(n__gt=1, age=30),
    "having/compared with F": lambda: A.annotate(n=Sum("books__pages")).filter(n__gt=F("age") * 10),
    "having/column compared with the annotation": lambda: A.annotate(n=Count("books")).filter(age__lt=F("n") * 20),
    "having/not": lambda: A.annotate(n=Count("books")).filter(~Q(n=2)),
    "having/in": lambda: A.annotate(n=Count("books")).filter(n__in=[0, 1]),
    "having/over a null sum isnull": lambda: A.annotate(n=Sum("books__price")).filter(n__isnull=True),
    "annotate/order by": lambda: A.annotate(n=Count("books")).order_by("-n", "name"),
    "annotate/order by and slice": lambda: A.annotate(n=Count("books")).order_by("-n", "name")[1:4],
    "annotate/on an annotation": lambda: A.annotate(n=Count("books")).annotate(twice=F("n") * 2),
    "annotate/with selectRelated": Query(lambda: B.select_related("author").annotate(n=Count("reviews"))),
    "annotate/with distinct": lambda: A.filter(books__pages__gt=0).annotate(n=Count("books")).distinct(),
    "group/by a column": lambda: B.values("pages").annotate(n=Count("id")).order_by("pages"),
    "group/by a column without order": Query(lambda: B.values("pages").annotate(n=Count("id")), changed=(4, 0)),
    "group/by a nullable column": lambda: B.values("stock").annotate(n=Count("id"), m=Sum("pages")).order_by(),
    "group/by two columns": lambda: B.values("status", "translated").annotate(n=Count("id")).order_by("status", "translated"),
    "group/by a path": lambda: B.values("author__name").annotate(n=Count("id")).order_by("author__name"),
    "group/by a nullable path": lambda: B.values("publisher__city").annotate(n=Count("id"), m=Min("price")).order_by(),
    "group/by a foreign key": lambda: B.values("publisher").annotate(n=Count("id")).order_by(),
    "group/by m2m": lambda: B.values("tags__label").annotate(n=Count("id")).order_by(),
    "group/by date part": lambda: B.values("bought__year").annotate(n=Count("id")).order_by(),
    "group/order by joins the group": lambda: B.values("pages").annotate(n=Count("id")).order_by("title"),
    "group/order by the aggregate": lambda: B.values("status").annotate(n=Count("id")).order_by("-n", "status"),
    "group/by an annotation": lambda: B.annotate(small=Lower("status")).values("small").annotate(n=Count("id")).order_by("small"),
    "group/by a case": lambda: B.annotate(
        long=Case(When(pages__gt=300, then=Value("y")), default=Value("n"), output_field=CharField())
    )
    .values("long")
    .annotate(n=Count("id"))
    .order_by("long"),
    "group/having": lambda: B.values("pages").annotate(n=Count("id")).filter(n__gt=1).order_by("pages"),
    "group/where and having": lambda: B.filter(translated=True)
    .values("status")
    .annotate(n=Count("id"))
    .filter(n__gt=2)
    .order_by("status"),
    "group/values after annotate does not group": lambda: B.annotate(n=Count("tags")).values("pages", "n").order_by("title"),
    "group/valuesList": lambda: B.values_list("status").annotate(n=Count("id")).order_by("status"),
    "group/count of groups": lambda: B.values("pages").annotate(n=Count("id")).count(),
    "group/slice": lambda: B.values("pages").annotate(n=Count("id")).order_by("-n", "pages")[:2],
    "aggregate/all": lambda: B.aggregate(
        n=Count("id"), total=Sum("pages"), mean=Avg("pages"), low=Min("pages"), high=Max("pages")
    ),
    "aggregate/decimals": lambda: B.aggregate(total=Sum("price"), mean=Avg("price"), low=Min("price"), high=Max("price")),
    "aggregate/dates": lambda: B.aggregate(a=Min("bought"), b=Max("bought"), c=Min("published"), d=Max("published")),
    "aggregate/times and durations": lambda: B.aggregate(a=Min("opens"), b=Max("opens"), c=Min("loan"), d=Sum("loan")),
    "aggregate/count of a nullable column": lambda: B.aggregate(n=Count("price"), m=Count("price", distinct=True)),
    "aggregate/filter": lambda: B.aggregate(n=Count("id", filter=Q(translated=True)), m=Sum("pages", filter=Q(pages__gt=9999))),
    "aggregate/nothing": lambda: B.filter(pages__gt=9999).aggregate(n=Count("id"), m=Sum("pages"), k=Max("title")),
    "aggregate/none()": lambda: B.none().aggregate(n=Count("id"), m=Sum("pages")),
    "aggregate/default": Query(lambda: B.filter(pages__gt=9999).aggregate(m=Sum("pages", default=7)), since=(4, 0)),
    "aggregate/coalesce": lambda: B.filter(pages__gt=9999).aggregate(m=Coalesce(Sum("pages"), 7)),
    "aggregate/over relations": lambda: B.aggregate(n=Count("tags"), m=Avg("reviews__stars")),
    "aggregate/after filter on many": lambda: A.filter(books__pages__gt=200).aggregate(n=Count("id"), m=Count("id", distinct=True)),
    "aggregate/over an annotation": lambda: A.annotate(n=Count("books")).aggregate(mean=Avg("n"), most=Max("n")),
    "aggregate/over an annotation with having": lambda: A.annotate(n=Count("books")).filter(n__gt=0).aggregate(total=Sum("n"), k=Count("id")),
    "aggregate/over a slice": lambda: B.order_by("title")[:4].aggregate(total=Sum("pages"), n=Count("id")),
    "aggregate/over distinct": lambda: B.values("pages").distinct().order_by().aggregate(total=Sum("pages")),
    "aggregate/expression of aggregates": lambda: B.aggregate(d=Max("pages") - Min("pages")),
    "aggregate/of an expression": lambda: B.aggregate(v=Sum(money(F("price") * F("stock")))),
    "aggregate/count *": lambda: B.aggregate(n=Count("*")),
    "aggregate/over F annotation": lambda: B.annotate(gain=F("price") - F("cost")).aggregate(total=Sum("gain")),
}

ROWS = {
    "order/default": lambda: B.all(),
    "order/descending": lambda: B.order_by("-title"),
    "order/two": lambda: B.order_by("-pages", "title"),
    "order/fk follows the related model": lambda: B.order_by("author", "id"),
    "order/fk descending": lambda: B.order_by("-author", "id"),
    "order/fk's column": lambda: B.order_by("author_id", "id"),
    "order/fk pk": lambda: B.order_by("-author__pk", "id"),
    "order/path": lambda: B.order_by("author__age", "title").exclude(author__age=None),
    "order/reverse": lambda: B.order_by("pages", "title").reverse(),
    "order/reverse of the default": lambda: B.reverse(),
    "order/over many duplicates": lambda: B.filter(id__lte=3).order_by("tags__label", "title"),
    "order/none": Query(lambda: B.order_by(), ordered=False),
    "order/pk": lambda: B.order_by("-pk"),
    "slice/first": lambda: B.all()[:3],
    "slice/middle": lambda: B.all()[3:6],
    "slice/open": lambda: B.all()[9:],
    "slice/of a slice": lambda: B.all()[2:9][1:4],
    "slice/beyond the end": lambda: B.all()[20:30],
    "slice/nothing": lambda: B.all()[3:3],
    "slice/count": lambda: B.all()[3:6].count(),
    "slice/count beyond the end": lambda: B.all()[10:30].count(),
    "slice/count, ordered by an annotation": lambda: A.annotate(n=Count("books")).order_by("-n", "name")[1:4].count(),
    "slice/exists": lambda: B.all()[30:].exists(),
    "distinct/rows": lambda: A.filter(books__pages__gt=200).distinct(),
    "distinct/values": lambda: B.values("status").distinct().order_by("status"),
    "distinct/values: the order joins": lambda: B.values("status").distinct().order_by("pages", "status"),
    "distinct/values: the model's order joins": lambda: B.values("status").distinct(),
    "distinct/valuesList flat": lambda: B.values_list("author__name", flat=True).distinct().order_by("author__name"),
    "distinct/count": lambda: A.filter(books__pages__gt=200).distinct().count(),
    "distinct/count of values": lambda: B.order_by().values("status").distinct().count(),
    "distinct/slice": lambda: A.filter(books__pages__gt=200).distinct()[:2],
    "distinct/with an annotation": lambda: B.order_by().annotate(x=F("status")).values("x").distinct(),
    "values/columns": lambda: B.values("id", "title", "price"),
    "values/everything": lambda: T.values().order_by("id"),
    "values/everything with every type": lambda: B.filter(id__in=[1, 5, 12]).values(),
    "values/paths": lambda: B.values("title", "author__name", "publisher__name"),
    "values/fk": lambda: B.values("author", "editor", "publisher_id"),
    "values/ordered by a relation that they name": lambda: B.values("id", "author").order_by("-author", "id"),
    "values/ordered by a relation that they do not name": lambda: B.values("id", "author_id").order_by("-author", "id"),
    "values/ordered by a relation of a relation": lambda: R.values_list("id", "book__author").order_by("book__author", "id"),
    "values/grouped and ordered by a relation": lambda: B.values("author").annotate(n=Count("id")).order_by("author"),
    "values/distinct, ordered by a relation": lambda: B.values("author").order_by("author").distinct(),
    "values/over many": lambda: A.values("name", "books__title").order_by("name", "books__title"),
    "values/over many, then filter": Query(lambda: A.values("books__title").filter(books__pages__gt=400), ordered=False),
    "values/after a filter of many": Query(lambda: A.filter(books__pages__gt=400).values("books__title"), ordered=False),
    "values/over many, counted": lambda: A.values("books__title").count(),
    "values/over many, aggregated": lambda: A.values("books__title").aggregate(n=Count("id"), m=Sum("age")),
    "values/over m2m": lambda: B.filter(id__in=[1, 5]).values("title", "tags__label").order_by("title", "tags__label"),
    "values/over one-to-one": lambda: A.values("name", "profile__motto"),
    "values/pk": lambda: T.values("pk").order_by("pk"),
    "values/annotation": lambda: A.annotate(n=Count("books")).values("name", "n"),
    "values/annotations come along": lambda: T.annotate(one=Value(1)).values().order_by("id"),
    "values/expression": lambda: T.order_by("id").values("id", small=Lower("label")),
    "values/date part": lambda: B.values("title", "bought__year"),
    "valuesList/tuples": lambda: B.values_list("id", "title"),
    "valuesList/flat": lambda: B.values_list("title", flat=True),
    "valuesList/flat nullable": lambda: B.values_list("price", flat=True),
    "valuesList/flat path": lambda: B.values_list("publisher__name", flat=True),
    "valuesList/order of columns": lambda: B.values_list("title", "id", "author__name")[:2],
    "valuesList/with an annotation": lambda: A.annotate(n=Count("books")).values_list("n", "name"),
    "valuesList/everything": lambda: T.values_list().order_by("id"),
    "one/get": lambda: B.get(title="Emma"),
    "one/first": lambda: B.first(),
    "one/first unordered": lambda: R.first(),
    "one/first of nothing": lambda: B.filter(id=99).first(),
    "one/last": lambda: B.last(),
    "one/last unordered": lambda: R.last(),
    "one/last with nulls": lambda: B.order_by(F("stock").asc(nulls_first=True), "id").last(),
    "one/first of values": lambda: B.values("title").first(),
    "one/latest": lambda: R.latest("written"),
    "one/latest of two": lambda: R.latest("text", "-id"),
    "one/earliest": lambda: R.earliest("written", "id"),
    "one/earliest descending": lambda: R.earliest("-written"),
    "one/count": lambda: B.count(),
    "one/count filtered": lambda: B.filter(price__gt=5).count(),
    "one/count duplicates": lambda: A.filter(books__pages__gt=200).count(),
    "one/count with an annotation": lambda: A.annotate(n=Count("books")).count(),
    "one/count with having": lambda: A.annotate(n=Count("books")).filter(n__gt=1).count(),
    "one/count with an annotation after a filter of many": lambda: A.filter(books__pages__gt=200)
    .annotate(n=Count("books"))
    .count(),
    "one/count with an annotation over many": lambda: A.annotate(t=F("books__title")).count(),
    "one/count with an order over many": lambda: A.order_by("books__title").count(),
    "one/exists with an order over many": lambda: A.order_by("books__title")[8:].exists(),
    "one/count none": lambda: B.none().count(),
    "one/exists": lambda: [B.filter(pages=416).exists(), B.filter(pages=417).exists(), B.none().exists()],
    "one/exists with having": lambda: A.annotate(n=Count("books")).filter(n__gt=5).exists(),
    "one/contains": Query(
        lambda: [B.filter(pages=416).contains(B.get(id=3)), B.filter(pages=416).contains(B.get(id=1))], since=(4, 0)
    ),
    "one/inBulk": lambda: [[key, row] for key, row in sorted(B.in_bulk([3, 1, 99]).items())],
    "one/inBulk of all": lambda: [[key, row] for key, row in sorted(T.in_bulk().items())],
    "one/inBulk by a field": lambda: [
        [key, row] for key, row in sorted(A.in_bulk(["jane@example.com"], field_name="email").items())
    ],
    "one/inBulk of nothing": lambda: list(B.in_bulk([]).items()),
    "set/union": lambda: B.filter(pages=416).order_by().union(B.filter(stock=3).order_by()).order_by("title"),
    "set/union removes duplicates": lambda: B.filter(pages=416)
    .order_by()
    .union(B.filter(pages__gte=416).order_by())
    .order_by("title"),
    "set/union all": Query(
        lambda: B.filter(pages=416).order_by().union(B.filter(pages__gte=416).order_by(), all=True).order_by("title")
    ),
    "set/union of values": lambda: A.values_list("name", flat=True)
    .order_by()
    .union(P.values_list("name", flat=True), T.values_list("label", flat=True))
    .order_by("name"),
    "set/union of values of two models": lambda: A.values("id", "name").order_by().union(P.values("id", "name")).order_by("id", "name"),
    "set/union sliced": lambda: B.filter(pages=416).order_by().union(B.filter(stock=3).order_by()).order_by("-title")[1:3],
    "set/union count": lambda: B.filter(pages=416).order_by().union(B.filter(stock=3).order_by()).count(),
    "set/union with annotations": lambda: A.order_by()
    .annotate(n=Count("books"))
    .filter(n=2)
    .values("name", "n")
    .union(P.annotate(n=Count("books")).filter(n=2).values("name", "n"))
    .order_by("name"),
    "set/union with nothing": lambda: B.filter(pages=416).order_by().union(B.none().order_by()).order_by("title"),
    "set/intersection": lambda: B.filter(pages__gt=300).order_by().intersection(B.filter(translated=True).order_by()).order_by("title"),
    "set/intersection with nothing": lambda: B.filter(pages__gt=300).intersection(B.none()),
    "set/difference": lambda: B.filter(pages__gt=300).order_by().difference(B.filter(translated=True).order_by()).order_by("title"),
    "set/difference of values": lambda: A.values("age").order_by().difference(A.filter(age=30).values("age").order_by()).order_by("age"),
    "set/difference with nothing": lambda: B.filter(pages=416).order_by().difference(B.none().order_by()).order_by("title"),
    "load/selectRelated": lambda: [[b, b.author, b.publisher] for b in B.select_related("author", "publisher")],
    "load/selectRelated of null": lambda: [[b.title, b.publisher] for b in B.select_related("publisher").filter(publisher=None)],
    "load/selectRelated, two steps": lambda: [
        [b.title, b.author.boss, b.author.boss and b.author.boss.boss] for b in B.select_related("author__boss__boss")
    ],
    "load/selectRelated of one-to-one": lambda: [
        [a.name, a.profile if hasattr(a, "profile") else None] for a in A.select_related("profile")
    ],
    "load/selectRelated with filter": lambda: [
        [b.title, b.publisher.name] for b in B.select_related("publisher").filter(publisher__city="London")
    ],
    "load/only": lambda: [[b.id, b.title] for b in B.only("title")],
    "load/defer": lambda: [[b.id, b.title, b.pages] for b in B.defer("price", "status")],
    "load/prefetch reverse": lambda: [[a, list(a.books.all())] for a in A.prefetch_related("books")],
    "load/prefetch m2m": lambda: [[b, list(b.tags.all().order_by("id"))] for b in B.prefetch_related("tags")],
    "load/prefetch reverse of m2m": lambda: [[t, list(t.books.all())] for t in T.prefetch_related("books").order_by("id")],
    "load/prefetch fk": lambda: [[r.id, r.book] for r in R.prefetch_related("book").order_by("id")],
    "load/prefetch nested": lambda: [
        [a, [[b, sorted(r.id for r in b.reviews.all())] for b in a.books.all()]]
        for a in A.prefetch_related("books__reviews")
    ],
    "load/prefetch a query set": lambda: [
        [a, list(a.books.all())] for a in A.prefetch_related(Prefetch("books", B.filter(pages__gt=300).order_by("-pages", "id")))
    ],
    "load/prefetch toAttr": lambda: [
        [a.name, a.long]
        for a in A.prefetch_related(Prefetch("books", B.filter(pages__gt=300).order_by("title"), to_attr="long"))
    ],
    "load/prefetch sliced": Query(
        lambda: [
            [a.name, a.longest]
            for a in A.prefetch_related(Prefetch("books", B.order_by("-pages", "id")[:1], to_attr="longest"))
        ],
        since=(4, 2),
    ),
    "load/prefetch through a model between": lambda: [
        [s.name, list(s.books.all())] for s in S.prefetch_related("books").order_by("id")
    ],
}

MIXED = {
    "mixed/many in a query set": lambda: A.filter(books__in=B.filter(pages__gt=400)).distinct(),
    "mixed/exclude many in a query set": lambda: A.exclude(books__in=B.filter(pages__gt=400)),
    "mixed/m2m in keys": lambda: B.filter(tags__in=[1, 2]),
    "mixed/m2m in keys, distinct": lambda: B.filter(tags__in=[1, 2]).distinct(),
    "mixed/exclude m2m in keys": lambda: B.exclude(tags__in=[1, 2]),
    "mixed/m2m or m2m": lambda: B.filter(Q(tags__in=[1]) | Q(tags__in=[2])),
    "mixed/m2m in nothing or a column": lambda: B.filter(Q(tags__in=[]) | Q(pages=416)),
    "mixed/exclude m2m in nothing": lambda: B.exclude(tags__in=[]),
    "mixed/many in values": lambda: A.filter(books__pages__in=[416, 249]),
    "mixed/annotated minimum, then its year": lambda: A.annotate(first=Min("books__published")).filter(first__year=1815),
    "mixed/annotated maximum over three hops, then a range": lambda: A.annotate(n=Max("books__reviews__stars")).filter(
        n__range=(3, 4)
    ),
    "mixed/having or a relation to one": lambda: A.annotate(n=Count("books")).filter(Q(n=0) | Q(boss__name="Jane")),
    "mixed/two counts and a filter on one": lambda: A.annotate(a=Count("books"), b=Count("edited")).filter(b__gt=1),
    "mixed/count, then a filter on the same relation": lambda: B.annotate(n=Count("reviews")).filter(reviews__stars__gt=2),
    "mixed/count, then exclude on the same relation": lambda: B.annotate(n=Count("reviews")).exclude(reviews__stars__gt=3),
    "mixed/group, then filter by the group": lambda: A.values("age").annotate(n=Count("id")).filter(age__gt=29).order_by("age"),
    "mixed/group, then exclude by the count": lambda: B.values("author").annotate(n=Count("id")).exclude(n=1).order_by("author__id"),
    "mixed/group, then other values": lambda: B.values("author__name").annotate(n=Count("id")).values("n").order_by("n"),
    "mixed/group twice": lambda: B.values("status").annotate(n=Count("id"), m=Sum("pages")).order_by("status"),
    "mixed/group by a relation over many": lambda: A.values("books__publisher").annotate(n=Count("id")).order_by(),
    "mixed/group of a filter on many": lambda: A.filter(books__pages__gt=200).values("age").annotate(n=Count("id")).order_by(),
    "mixed/aggregate of groups": lambda: B.values("author").annotate(n=Count("tags")).aggregate(most=Max("n")),
    "mixed/in a query set about the same": lambda: B.filter(author__in=A.filter(books__pages__gt=400)).count(),
    "mixed/in values of a foreign key": lambda: A.filter(pk__in=B.filter(pages__gt=400).values("author_id")),
    "mixed/in a group": lambda: B.filter(id__in=R.values("book").annotate(n=Count("id")).filter(n__gt=1).values("book")),
    "mixed/in texts of a query set": lambda: T.filter(label__in=T.filter(parent__isnull=True).values("label")),
    "mixed/group by exists": lambda: A.annotate(has=Exists(B.filter(author=OuterRef("pk"))))
    .values("has")
    .annotate(n=Count("id"))
    .order_by("has"),
    "mixed/compared with a subquery": lambda: B.filter(pages__gt=Subquery(B.filter(id=2).values("pages"))),
    "mixed/exclude compared with a subquery": lambda: B.exclude(pages__gt=Subquery(B.filter(id=2).values("pages"))),
    "mixed/coalesced sum": lambda: A.annotate(x=Coalesce(Sum("books__pages"), 0)).filter(x=0),
    "mixed/mean compared with a column": lambda: A.annotate(x=Avg("books__pages")).filter(x__gt=F("age")),
    "mixed/sum of a case": lambda: B.aggregate(
        n=Sum(Case(When(pages__gt=400, then=Value(1)), default=Value(0), output_field=IntegerField()))
    ),
    "mixed/sum of a case by group": lambda: P.annotate(
        n=Sum(Case(When(books__translated=True, then=F("books__pages")), default=Value(0), output_field=IntegerField()))
    ),
    "mixed/distinct count over two relations": lambda: A.annotate(n=Count("books__publisher", distinct=True)),
    "mixed/distinct count of values": lambda: B.filter(status="done").order_by().values("author").distinct().count(),
    "mixed/two hops of one relation": lambda: T.filter(children__children__label="gothic"),
    "mixed/exclude two hops of one relation": lambda: T.exclude(children__children__label="gothic"),
    "mixed/there and back": lambda: T.filter(parent__children__label="classic"),
    "mixed/there and back, exclude": lambda: B.exclude(author__books__pages__lt=300),
    "mixed/team of the team": lambda: A.filter(team__team__isnull=False).distinct(),
    "mixed/two nots of relations": lambda: B.filter(~Q(author__boss=None) & ~Q(editor=None)),
    "mixed/key compared with F over many": lambda: A.filter(team=F("books__editor")),
    "mixed/four hops, counted": lambda: B.filter(author__books__tags__label="novel").distinct().count(),
    "mixed/union of slices": lambda: A.order_by().filter(age=30).union(A.order_by().filter(age=41)).order_by("name").values_list("name", "age"),
    "mixed/exists of a group": lambda: B.values("pages").annotate(n=Count("id")).filter(n__gt=5).exists(),
    "mixed/first of a group": lambda: B.values("status").annotate(n=Count("id")).order_by("-n", "status").first(),
    "mixed/last by an annotation": lambda: A.annotate(n=Count("books")).order_by("n", "name").last(),
    "mixed/filter by an annotation of an annotation": lambda: A.annotate(n=Count("books"))
    .annotate(m=F("n") * 10)
    .filter(m__gte=20),
    "mixed/annotation over many, then values": Query(lambda: A.annotate(t=F("books__title")).values("name", "t"), ordered=False),
    "mixed/annotation over many, then a filter on it": lambda: A.annotate(t=F("books__title")).filter(t="Emma"),
    "mixed/annotation over many, then exclude on it": Query(lambda: A.annotate(t=F("books__title")).exclude(t="Emma"), ordered=False),
    "mixed/filter with a nullable relation in a case": lambda: B.annotate(
        k=Case(When(publisher__name="Insel", then=Value(1)), default=Value(0), output_field=IntegerField())
    ).filter(k=0),
    "mixed/selectRelated with exclude": lambda: B.select_related("publisher").exclude(publisher__city="London"),
    "mixed/or of exclusions": lambda: A.filter(~Q(books__title="Emma") | ~Q(books__pages__gt=100)),
    "mixed/and of exclusions": lambda: A.filter(~Q(books__title="Emma") & ~Q(books__pages__gt=400)),
    "mixed/not of an or over many": lambda: A.filter(~(Q(books__title="Emma") | Q(age=30))),
    "mixed/isnull over many in or": lambda: B.filter(Q(reviews__isnull=True) | Q(reviews__stars__isnull=True)),
    "mixed/exclude isnull over many in or": lambda: B.exclude(Q(reviews__isnull=True) | Q(reviews__stars__gt=3)),
}

GROUPS = [TEXT, NUMBERS, DATES, JOINS, EXCLUDE, CONDITIONS, EXPRESSIONS, AGGREGATES, ROWS, MIXED]
QUERIES = {
    name: query if isinstance(query, Query) else Query(query) for group in GROUPS for name, query in group.items()
}

# What came later: text, numbers, moments, windows with frames, filtered relations.
QUERIES.update(
    {
        name: query if isinstance(query, Query) else Query(query)
        for name, query in {
            "fn/left": lambda: T.annotate(n=Left("label", 3)),
            "fn/right": lambda: T.annotate(n=Right("label", 3)),
            "fn/substr": lambda: T.annotate(n=Substr("label", 2, 3)),
            "fn/substr to the end": lambda: T.annotate(n=Substr("label", 3)),
            "fn/lpad": lambda: T.annotate(n=LPad("label", 9, Value("xy"))),
            "fn/rpad": lambda: T.annotate(n=RPad("label", 9, Value("xy"))),
            "fn/repeat": lambda: T.annotate(n=Repeat("label", 2)),
            "fn/replace": lambda: A.annotate(n=Replace("name", Value("a"), Value("oo"))),
            "fn/reverse": lambda: A.annotate(n=Reverse("name")),
            "fn/strIndex": lambda: A.annotate(n=StrIndex("name", Value("a"))),
            "fn/ord and chr": Query(lambda: A.annotate(n=Ord("name"), c=Chr(F("id") + 64)), not_on_postgres="CHR of a bigint is no function there"),
            "fn/hashes": lambda: A.annotate(a=MD5("name"), b=SHA384("name"), c=SHA256("name")),
            "fn/round, ceil, floor": lambda: A.annotate(a=Ceil("rating"), b=Floor("rating"), c=Round("rating"), d=Round("rating", precision=1)),
            "fn/trigonometry": lambda: A.annotate(a=Sin("rating"), b=Cos("rating"), c=ATan("rating"), d=Degrees("rating")),
            "fn/roots and powers": lambda: B.filter(pages__gt=0).annotate(a=Sqrt("pages"), b=Ln("pages"), c=Log(2, "pages"), d=Power("pages", 2), e=Mod("pages", 7)),
            "fn/extract": lambda: R.annotate(a=ExtractYear("written"), b=ExtractQuarter("written"), c=ExtractWeek("written"), d=ExtractWeekDay("written"), e=ExtractIsoWeekDay("written"), f=ExtractHour("written")),
            "fn/trunc": lambda: R.annotate(a=TruncYear("written"), b=TruncQuarter("written"), c=TruncMonth("written"), d=TruncWeek("written"), e=TruncDay("written"), f=TruncHour("written"), g=TruncMinute("written")),
            "fn/trunc in a group": lambda: R.annotate(month=TruncMonth("written")).values("month").annotate(n=Count("id")).order_by("month"),
            "fn/cast to text": lambda: B.annotate(n=Cast("pages", CharField())),
            "fn/cast to a float": lambda: B.annotate(n=Cast("pages", FloatField())),
            "fn/bits": lambda: B.annotate(a=F("pages").bitand(12), b=F("pages").bitor(3), c=F("pages").bitleftshift(2), d=F("pages").bitrightshift(1), e=F("pages").bitxor(5)),
            "fn/filter by a function": lambda: A.alias(n=Left("name", 1)).filter(n__in=["A", "J"]),
            "window/lag and lead": lambda: B.annotate(a=Window(Lag("pages"), order_by=F("id").asc()), b=Window(Lead("pages", offset=2, default=-1), order_by=F("id").asc())),
            "window/first, last, nth": lambda: B.annotate(a=Window(FirstValue("pages"), partition_by="author", order_by=F("id").asc()), b=Window(LastValue("pages"), partition_by="author", order_by=F("id").asc()), c=Window(NthValue("pages", 2), partition_by="author", order_by=F("id").asc())),
            "window/ntile and shares": lambda: B.annotate(a=Window(Ntile(3), order_by=F("id").asc()), b=Window(PercentRank(), order_by=F("pages").asc()), c=Window(CumeDist(), order_by=F("pages").asc())),
            "window/a frame of rows": lambda: B.annotate(n=Window(Sum("pages"), order_by=F("id").asc(), frame=RowRange(start=-1, end=0))),
            "window/a frame to the end": lambda: B.annotate(n=Window(Avg("pages"), order_by=F("id").asc(), frame=RowRange(start=0, end=None))),
            "window/filter by lag": lambda: B.annotate(n=Window(Lag("pages"), order_by=F("id").asc())).filter(n__gt=300),
            "relation/filtered, counted": lambda: A.annotate(x=FilteredRelation("books", condition=Q(books__pages__gte=300))).annotate(n=Count("x")),
            "relation/filtered, as a value": lambda: A.annotate(x=FilteredRelation("books", condition=Q(books__pages__gte=300))).order_by("name", "x__title").values("name", "x__title"),
            "relation/filtered, in a filter": lambda: A.annotate(x=FilteredRelation("books", condition=Q(books__pages__gte=300))).filter(x__stock__isnull=False),
            "relation/filtered, excluded": lambda: A.annotate(x=FilteredRelation("books", condition=Q(books__pages__gte=300))).exclude(x__pages__lt=450),
            "relation/filtered, to one row": lambda: B.annotate(x=FilteredRelation("editor", condition=Q(editor__age__gte=35))).values("title", "x__name"),
            "dates/months": lambda: list(B.dates("bought", "month")),
            "dates/years, descending": lambda: list(B.dates("bought", "year", order="DESC")),
            "datetimes/days": lambda: list(R.datetimes("written", "day", tzinfo=UTC)),
        }.items()
    }
)

import expressions  # noqa: E402
import updates  # noqa: E402
import zones  # noqa: E402

QUERIES.update({name: Query(query) for name, query in {**expressions.QUERIES, **updates.QUERIES, **zones.QUERIES}.items()})
