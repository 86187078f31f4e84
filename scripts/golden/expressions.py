"""More queries: functions of which queries.py has none, windows over values, JSON. Each is in TypeScript, too."""

from django.db.models import (
    Avg,
    Case,
    CharField,
    Count,
    DateField,
    Exists,
    F,
    IntegerField,
    Max,
    Min,
    OuterRef,
    Q,
    RowRange,
    Subquery,
    Sum,
    Value,
    ValueRange,
    When,
    Window,
    WindowFrameExclusion,
)
from django.db.models.functions import (
    Abs,
    ACos,
    ASin,
    ATan2,
    Cast,
    Coalesce,
    Cot,
    Exp,
    ExtractDay,
    ExtractIsoYear,
    ExtractMinute,
    ExtractMonth,
    ExtractSecond,
    Greatest,
    JSONObject,
    Least,
    Length,
    LTrim,
    Lower,
    MD5,
    NullIf,
    Pi,
    Radians,
    Rank,
    RowNumber,
    RTrim,
    SHA224,
    SHA512,
    Sign,
    Tan,
    Trim,
    TruncDate,
    TruncMonth,
    TruncQuarter,
    TruncSecond,
    TruncTime,
    TruncWeek,
    TruncYear,
    Upper,
)
from golden.models import Author, Book, Review, Store, Tag

A, B, R, S, T = Author.objects, Book.objects, Review.objects, Store.objects, Tag.objects


def text(value):
    return Value(value, output_field=CharField())


def running(expression, **window):
    return Window(expression, order_by=F("pages").asc(), **window)


# "fn" of one row.
QUERIES = {
    "fn/trims": lambda: T.annotate(a=Trim(text("  a b ")), b=LTrim(text("  a b ")), c=RTrim(text("  a b "))),
    "fn/more hashes": lambda: A.annotate(a=SHA224("name"), b=SHA512("name"), c=MD5(Upper("name"))),
    "fn/abs and sign": lambda: B.annotate(a=Abs("price"), c=Abs(F("pages") - 300), d=Sign(F("pages") - 300)),
    "fn/more trigonometry": lambda: A.annotate(
        a=Tan("rating"), b=Radians("rating"), c=ATan2("rating", 2.0), d=Cot(Abs("rating") + 1.0), e=Pi()
    ),
    "fn/inverse trigonometry": lambda: A.annotate(a=ACos(F("rating") / 100.0), b=ASin(F("rating") / 100.0), c=Exp(F("rating") / 10.0)),
    "fn/greatest and least": lambda: B.annotate(a=Greatest("pages", 300), b=Least("pages", 300), c=Greatest("title", "status")),
    "fn/nullIf": lambda: B.annotate(a=NullIf("pages", 416), b=NullIf("status", Value("draft"))),
    "fn/coalesce of three": lambda: B.annotate(n=Coalesce("stock", F("pages") - 1000, 0)),
    "fn/cast to a date": lambda: R.annotate(n=Cast("written", DateField())),
    "fn/cast text to a number": lambda: B.annotate(n=Cast(Cast("pages", CharField()), IntegerField())),
    "fn/cast in a filter": lambda: B.annotate(n=Cast("pages", CharField())).filter(n__startswith="4"),
    "fn/more extract": lambda: R.annotate(
        a=ExtractIsoYear("written"), b=ExtractMonth("written"), c=ExtractDay("written"), d=ExtractMinute("written"), e=ExtractSecond("written")
    ),
    "fn/extract of a date": lambda: B.annotate(a=ExtractIsoYear("bought"), b=ExtractMonth("bought"), c=ExtractDay("bought")),
    "fn/more trunc": lambda: R.annotate(a=TruncDate("written"), b=TruncTime("written"), c=TruncSecond("written")),
    "fn/trunc of a date": lambda: B.annotate(a=TruncYear("bought"), b=TruncQuarter("bought"), c=TruncMonth("bought"), d=TruncWeek("bought")),
    "fn/trunc in a filter": lambda: R.annotate(n=TruncMonth("written")).filter(n__lt=Subquery(R.order_by("-written").values("written")[:1])),
    "fn/json object": lambda: A.annotate(n=JSONObject(name="name", age="age", nested=JSONObject(id="id"))).values("id", "n"),
    "fn/length of a function": lambda: A.annotate(n=Length(Upper("name"))).order_by("-n", "id").values_list("id", "n"),
    "fn/functions of relations": lambda: B.annotate(n=Length("author__name"), m=Upper("publisher__name")),
    "fn/exclude by a function": lambda: B.annotate(n=Upper("publisher__name")).exclude(n__contains="A"),
    # Conditions and subqueries within aggregates.
    "aggregate/of a case": lambda: B.aggregate(n=Sum(Case(When(pages__gt=300, then=1), default=0)), m=Count(Case(When(stock=None, then=1)))),
    "aggregate/of a function": lambda: B.aggregate(a=Max(Length("title")), b=Avg(Abs(F("pages") - 300)), c=Min(Lower("title"))),
    "annotate/filter and default": lambda: A.annotate(n=Sum("books__pages", filter=Q(books__stock__gt=1), default=0)),
    "annotate/filter by Exists": lambda: A.annotate(n=Count("books", filter=Exists(R.filter(book=OuterRef("books"))))),
    "annotate/of a subquery": lambda: A.annotate(n=Subquery(B.filter(author=OuterRef("pk")).values("author").annotate(n=Max("pages")).values("n"))),
    "annotate/a subquery in a case": lambda: A.annotate(n=Case(When(Exists(B.filter(author=OuterRef("pk"), pages__gt=400)), then=Value("long")), default=Value("none"))),
    "group/by a function": lambda: B.annotate(n=TruncYear("bought")).values("n").annotate(m=Count("id"), p=Sum("pages")).order_by(F("n").asc(nulls_last=True)),
    "group/by a function, with having": lambda: B.annotate(n=Length("title")).values("n").annotate(m=Count("id")).filter(m__gt=1).order_by("n"),
    # Windows.
    "window/values around": lambda: B.annotate(n=running(Count("id"), frame=ValueRange(start=None, end=0))),
    "window/sum of all others": lambda: B.annotate(
        n=Window(Sum("pages"), order_by=F("id").asc(), frame=RowRange(exclusion=WindowFrameExclusion.CURRENT_ROW))
    ),
    "window/without its group": lambda: B.annotate(n=running(Count("id"), frame=ValueRange(exclusion=WindowFrameExclusion.GROUP))),
    "window/without its ties": lambda: B.annotate(n=running(Count("id"), frame=ValueRange(exclusion=WindowFrameExclusion.TIES))),
    "window/a frame ahead": lambda: B.annotate(n=Window(Max("pages"), order_by=F("id").asc(), frame=RowRange(start=1, end=2))),
    "window/by a function": lambda: B.annotate(n=Window(Rank(), partition_by=Length("status"), order_by=F("pages").desc())),
    "window/of a function": lambda: B.annotate(n=Window(Sum(Abs(F("pages") - 300)), partition_by="author")),
    "window/of a filtered aggregate": lambda: B.annotate(n=Window(Count("id", filter=Q(pages__gt=300)), partition_by="author")),
    "window/filter by a rank in each": lambda: B.annotate(n=Window(RowNumber(), partition_by="author", order_by=[F("pages").desc(), "id"])).filter(n=1),
    "window/filter with another condition": lambda: B.annotate(n=Window(Rank(), order_by=F("pages").desc())).filter(n__lte=3, translated=False),
    "window/filter by either": lambda: B.annotate(n=Window(Rank(), order_by=F("pages").desc())).filter(Q(n__lte=2) | Q(title="Emma")),
    "window/exclude": lambda: B.annotate(n=Window(Rank(), order_by=F("pages").desc())).exclude(n__gt=4),
    "window/count of the filtered": lambda: B.annotate(n=Window(Rank(), order_by=F("pages").desc())).filter(n__lte=3).count(),
    "window/aggregate of the filtered": lambda: B.annotate(n=Window(Rank(), order_by=F("pages").desc())).filter(n__lte=3).aggregate(m=Sum("pages")),
    "window/slice of the filtered": lambda: B.annotate(n=Window(RowNumber(), order_by="id")).filter(n__gt=2).order_by("id")[1:3],
    # JSON.
    "json/a key": lambda: S.filter(extra__size=12),
    "json/a key of a key": lambda: S.filter(extra__owner__name="Ann"),
    "json/a place in a list": lambda: S.filter(extra__tags__0="old"),
    "json/a boolean": lambda: S.filter(extra__open=True),
    "json/a list": lambda: S.filter(extra__tags=["old", "small"]),
    "json/an object": lambda: S.filter(extra__owner={"name": "Ann"}),
    "json/null": lambda: S.filter(extra__owner=None),
    "json/no value": lambda: S.filter(extra=None),
    "json/isnull": lambda: S.filter(extra__open__isnull=True),
    "json/is not null": lambda: S.filter(extra__owner__isnull=False),
    "json/in": lambda: S.filter(extra__size__in=[40, "any"]),
    "json/text": lambda: S.filter(extra__owner__name__istartswith="a"),
    "json/hasKey": lambda: S.filter(extra__has_key="open"),
    "json/hasKeys": lambda: S.filter(extra__has_keys=["size", "tags"]),
    "json/hasAnyKeys": lambda: S.filter(extra__has_any_keys=["tags", "other"]),
    "json/hasKey of a key": lambda: S.filter(extra__owner__has_key="age"),
    "json/exclude hasKey": lambda: S.exclude(extra__has_key="open"),
    "json/exclude a key": lambda: S.exclude(extra__size=12),
    "json/exclude a key that some have not": lambda: S.exclude(extra__open=True),
    "json/not a key": lambda: S.filter(~Q(extra__owner__name="Ann")),
    "json/values": lambda: S.order_by("id").values("id", "extra__owner__name"),
    "json/as a value": lambda: S.order_by("id").values_list("extra__tags", flat=True),
    "json/count": lambda: S.aggregate(n=Count("extra"), m=Count("extra__tags")),
    "json/in an expression": lambda: S.annotate(n=F("extra__owner__name")).order_by("id").values("id", "n"),
    "json/over a relation": lambda: B.filter(stores__extra__size=12),
}
