from django.db import models


class Author(models.Model):
    name = models.CharField(max_length=100)


class Book(models.Model):
    title = models.CharField(max_length=200)
    pages = models.IntegerField()
    published = models.DateTimeField()
    in_stock = models.BooleanField()
    author = models.ForeignKey(Author, on_delete=models.CASCADE)
