from django.urls import path

from . import views

app_name = "books"
urlpatterns = [
    path("", views.index, name="index"),
    path("books/<int:id>/", views.book, name="book"),
    path("authors/<int:id>/", views.author, name="author"),
    path("api/books/", views.api, name="api"),
]
