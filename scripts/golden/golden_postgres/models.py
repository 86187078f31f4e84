"""The models of packages/orm/tests/golden/postgres/models.ts, in Django: of what PostgreSQL alone has."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.db import models
from django.db.models import CASCADE, SET_NULL, Case, F, Value, When
from django.db.models.functions import Length, Upper


class Poet(models.Model):
    name = models.CharField(max_length=100)


class Poem(models.Model):
    author = models.ForeignKey(Poet, CASCADE, related_name="poems")
    title = models.CharField(max_length=100)
    text = models.TextField(null=True)
    language = models.CharField(max_length=20, default="english")
    words = SearchVectorField(null=True)
    both = models.GeneratedField(
        expression=SearchVector("title", config="english", weight="A") + SearchVector("text", config="english", weight="B"),
        output_field=SearchVectorField(),
        db_persist=True,
    )


class Post(models.Model):
    author = models.ForeignKey(Poet, SET_NULL, null=True, related_name="posts")
    name = models.CharField(max_length=50)
    tags = ArrayField(models.CharField(max_length=20), default=list)
    scores = ArrayField(models.IntegerField(), null=True)
    board = ArrayField(ArrayField(models.IntegerField()), default=list)
    days = ArrayField(models.DateField(), default=list)
    prices = ArrayField(models.DecimalField(max_digits=8, decimal_places=2), default=list)


class Item(models.Model):
    name = models.CharField(max_length=50)
    price = models.DecimalField(max_digits=8, decimal_places=2, null=True)
    count = models.IntegerField(db_default=3)
    state = models.CharField(max_length=10, db_default="new")
    flags = models.IntegerField(default=0)
    good = models.BooleanField(null=True)
    x = models.FloatField(null=True)
    y = models.FloatField(null=True)
    begins = models.DateTimeField(null=True)
    ends = models.DateTimeField(null=True)
    prefs = models.JSONField(null=True)
    total = models.GeneratedField(
        expression=F("price") * F("count"),
        output_field=models.DecimalField(max_digits=12, decimal_places=2),
        db_persist=True,
        null=True,
    )
    label = models.GeneratedField(expression=Upper("name"), output_field=models.CharField(max_length=50), db_persist=True)
    size = models.GeneratedField(expression=Length("name"), output_field=models.IntegerField(), db_persist=True)
    mark = models.GeneratedField(
        expression=Case(When(good=True, then=Value("yes")), default=Value("no")),
        output_field=models.CharField(max_length=3),
        db_persist=True,
    )
