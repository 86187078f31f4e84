from django.http import JsonResponse
from django.shortcuts import get_object_or_404, render

from .models import Author, Book


def index(request):
    books = Book.objects.select_related("author").order_by("-id")[:20]
    return render(request, "books/index.html", {"books": books})


def api(request):
    books = Book.objects.select_related("author").order_by("-id")[:20]
    return JsonResponse(
        {
            "books": [
                {
                    "id": book.id,
                    "title": book.title,
                    "pages": book.pages,
                    "published": book.published,
                    "inStock": book.in_stock,
                    "author": {"id": book.author.id, "name": book.author.name},
                }
                for book in books
            ]
        }
    )


def book(request, id):
    return render(request, "books/book.html", {"book": get_object_or_404(Book, id=id)})


def author(request, id):
    return render(request, "books/author.html", {"author": get_object_or_404(Author, id=id)})
