"""The models of packages/orm/tests/golden/models.ts, in Django."""

from django.db import models
from django.db.models import CASCADE, PROTECT, SET_NULL


class Publisher(models.Model):
    name = models.CharField(max_length=100)
    city = models.CharField(max_length=100, null=True)
    founded = models.IntegerField(null=True)


class Author(models.Model):
    name = models.CharField(max_length=100)
    email = models.EmailField(unique=True, null=True)
    age = models.IntegerField(null=True)
    rating = models.FloatField(null=True)
    born = models.DateField(null=True)
    boss = models.ForeignKey("self", SET_NULL, null=True, related_name="team")

    class Meta:
        ordering = ["name"]


class Profile(models.Model):
    author = models.OneToOneField(Author, CASCADE, related_name="profile")
    bio = models.TextField(default="")
    motto = models.CharField(max_length=100, null=True)
    lucky = models.IntegerField(null=True)


class Tag(models.Model):
    label = models.CharField(max_length=50)
    parent = models.ForeignKey("self", SET_NULL, null=True, related_name="children")


class Book(models.Model):
    title = models.CharField(max_length=200)
    author = models.ForeignKey(Author, CASCADE, related_name="books")
    editor = models.ForeignKey(Author, SET_NULL, null=True, related_name="edited")
    publisher = models.ForeignKey(Publisher, PROTECT, null=True, related_name="books")
    tags = models.ManyToManyField(Tag, related_name="books")
    pages = models.IntegerField(default=0)
    stock = models.SmallIntegerField(null=True)
    price = models.DecimalField(max_digits=8, decimal_places=2, null=True)
    cost = models.DecimalField(max_digits=8, decimal_places=2, default=0)
    weight = models.FloatField(null=True)
    published = models.DateTimeField(null=True)
    bought = models.DateField(null=True)
    opens = models.TimeField(null=True)
    loan = models.DurationField(null=True)
    translated = models.BooleanField(default=False)
    status = models.CharField(max_length=10, default="draft")

    class Meta:
        ordering = ["title"]


class Review(models.Model):
    book = models.ForeignKey(Book, CASCADE, related_name="reviews")
    reviewer = models.ForeignKey(Author, SET_NULL, null=True, related_name="reviews")
    stars = models.IntegerField(null=True)
    text = models.TextField(default="")
    written = models.DateTimeField()


class Store(models.Model):
    name = models.CharField(max_length=100)
    city = models.CharField(max_length=100, null=True)
    books = models.ManyToManyField(Book, through="Stock", related_name="stores")
    extra = models.JSONField(null=True)


class Stock(models.Model):
    store = models.ForeignKey(Store, CASCADE, related_name="stocks")
    book = models.ForeignKey(Book, CASCADE, related_name="stocks")
    copies = models.IntegerField(default=0)
