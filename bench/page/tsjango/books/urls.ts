import { path, urls } from "tsjango/urls";
import { api, author, book, index } from "./views.ts";

export const urlpatterns = urls(
  path("", index, { name: "index" }),
  path("books/<int:id>/", book, { name: "book" }),
  path("authors/<int:id>/", author, { name: "author" }),
  path("api/books/", api, { name: "api" }),
);
