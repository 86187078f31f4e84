"""Moments in time zones. Each is in TypeScript, too."""

from zoneinfo import ZoneInfo

from django.db.models import Count, Max, OuterRef, Q, Subquery, Sum
from django.db.models.functions import (
    ExtractDay,
    ExtractHour,
    ExtractIsoYear,
    ExtractMinute,
    ExtractMonth,
    ExtractQuarter,
    ExtractWeek,
    ExtractWeekDay,
    ExtractYear,
    TruncDate,
    TruncDay,
    TruncHour,
    TruncMinute,
    TruncMonth,
    TruncQuarter,
    TruncTime,
    TruncWeek,
    TruncYear,
)
from golden.models import Book, Review

B, R = Book.objects, Review.objects
PRAGUE = {"tzinfo": ZoneInfo("Europe/Prague")}
KOLKATA = {"tzinfo": ZoneInfo("Asia/Kolkata")}
NEW_YORK = {"tzinfo": ZoneInfo("America/New_York")}

QUERIES = {
    "zone/parts of a date": lambda: R.annotate(
        a=ExtractYear("written", **NEW_YORK),
        b=ExtractIsoYear("written", **NEW_YORK),
        c=ExtractQuarter("written", **PRAGUE),
        d=ExtractMonth("written", **PRAGUE),
        e=ExtractWeek("written", **NEW_YORK),
        f=ExtractDay("written", **KOLKATA),
        g=ExtractWeekDay("written", **PRAGUE),
    ),
    "zone/parts of a time": lambda: R.annotate(a=ExtractHour("written", **PRAGUE), b=ExtractHour("written", **NEW_YORK), c=ExtractMinute("written", **KOLKATA)),
    "zone/beginnings": lambda: R.annotate(
        a=TruncYear("written", **NEW_YORK),
        b=TruncQuarter("written", **PRAGUE),
        c=TruncMonth("written", **PRAGUE),
        d=TruncWeek("written", **NEW_YORK),
        e=TruncDay("written", **KOLKATA),
        f=TruncHour("written", **KOLKATA),
        g=TruncMinute("written", **PRAGUE),
    ),
    "zone/dates and times": lambda: R.annotate(a=TruncDate("written", **PRAGUE), b=TruncTime("written", **KOLKATA), c=TruncDate("written", **NEW_YORK)),
    "zone/of null": lambda: B.annotate(a=TruncDay("published", **KOLKATA)).filter(published=None).values("id", "a"),
    "zone/filter by an hour": lambda: R.annotate(n=ExtractHour("written", **PRAGUE)).filter(n__lt=9),
    "zone/exclude a day": lambda: R.annotate(n=TruncDate("written", **PRAGUE)).exclude(n="2022-07-01"),
    "zone/order by an hour": lambda: R.order_by(ExtractHour("written", **NEW_YORK).desc(), "id"),
    "zone/group by a month": lambda: R.annotate(n=TruncMonth("written", **PRAGUE)).values("n").annotate(m=Count("id"), p=Sum("stars")).order_by("n"),
    "zone/group by two zones": lambda: R.annotate(n=TruncDate("written", **PRAGUE), m=TruncDate("written", **NEW_YORK))
    .values("n", "m")
    .annotate(p=Count("id"))
    .order_by("n", "m"),
    "zone/aggregate": lambda: R.aggregate(a=Max(TruncDay("written", **KOLKATA)), b=Count("id", filter=Q(stars__gt=2))),
    "zone/over a relation": lambda: B.annotate(n=Max(TruncDate("reviews__written", **PRAGUE))).values("id", "n"),
    "zone/in a subquery": lambda: B.annotate(
        n=Subquery(R.filter(book=OuterRef("pk")).order_by("-written").annotate(d=TruncDate("written", **KOLKATA)).values("d")[:1])
    ).values("id", "n"),
    "zone/datetimes": lambda: list(R.datetimes("written", "day", **PRAGUE)),
    "zone/datetimes, descending": lambda: list(R.datetimes("written", "month", order="DESC", **NEW_YORK)),
}
