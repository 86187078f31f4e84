"""Updates: how many rows each changed, and these rows; all is rolled back. Each is in TypeScript, too."""

from django.db import transaction
from django.db.models import Case, Count, Exists, F, Max, OuterRef, Q, Subquery, When
from golden.models import Author, Book, Review

A, B, R = Author.objects, Book.objects, Review.objects


def changed(update, rows):
    with transaction.atomic():
        count = update()
        found = list(rows)
        transaction.set_rollback(True)
    return [count, found]


def stocks(update):
    return lambda: changed(update, B.order_by("id").values_list("id", "pages", "stock"))


def ages(update):
    return lambda: changed(update, A.order_by("id").values_list("id", "age"))


def reviews():
    return Subquery(R.filter(book=OuterRef("pk")).order_by().values("book").annotate(n=Count("id")).values("n"))


def same_name():
    return A.filter(name=OuterRef("author__name"))


QUERIES = {
    "update/of the row's own": stocks(lambda: B.filter(stock__gt=2).update(pages=F("pages") + F("id") * 2)),
    "update/over a relation": stocks(lambda: B.filter(author__name="Jane").update(pages=F("pages") + 1)),
    "update/over many": stocks(lambda: B.filter(tags__label__in=["novel", "classic"]).update(pages=F("pages") + 1)),
    "update/exclude over many": stocks(lambda: B.exclude(tags__label="novel").update(stock=0)),
    "update/found by a count": stocks(lambda: B.annotate(n=Count("reviews")).filter(n__gt=1).update(stock=F("pages"))),
    "update/to a count": stocks(lambda: B.update(stock=reviews())),
    "update/to a count, over a relation": stocks(lambda: B.filter(author__name="Emily").update(stock=reviews())),
    "update/to a count, over many": stocks(lambda: B.filter(tags__label__in=["novel", "classic"]).update(stock=reviews())),
    "update/to the first of many, over many": ages(
        lambda: A.filter(books__reviews__stars=5).update(age=Subquery(B.filter(author=OuterRef("pk")).order_by("-pages", "id").values("pages")[:1]))
    ),
    "update/to what others have": ages(lambda: A.update(age=Subquery(A.filter(pk=OuterRef("boss")).values("age")))),
    "update/to an annotation": stocks(lambda: B.annotate(n=Subquery(A.filter(pk=OuterRef("author")).values("age"))).update(stock=F("n"))),
    "update/where something exists": stocks(lambda: B.filter(Exists(R.filter(book=OuterRef("pk"), stars__gt=3))).update(stock=1)),
    "update/where something exists behind a relation": stocks(lambda: B.filter(Exists(same_name().filter(age=41))).update(stock=1)),
    "update/found by a subquery behind a relation": stocks(lambda: B.annotate(n=Subquery(same_name().values("age"))).filter(n=41).update(stock=F("pages"))),
    "update/a choice by what exists": stocks(
        lambda: B.filter(author__age__gt=29).update(stock=Case(When(Exists(R.filter(book=OuterRef("pk"))), then=1), default=2))
    ),
    "update/in a query of its own": stocks(lambda: B.filter(pk__in=B.filter(author__name="Jane")).update(stock=2)),
    "update/longer than the longest of another": stocks(
        lambda: B.filter(pages__gt=Subquery(B.filter(author__name="Jane").order_by().values("author").annotate(n=Max("pages")).values("n"))).update(stock=9)
    ),
    "update/either of two": stocks(lambda: B.filter(Q(author__name="Jane") | Q(tags__label="gothic")).update(stock=4)),
    "update/of none": stocks(lambda: B.none().update(stock=1)),
}
