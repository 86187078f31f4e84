import { Http404, type HttpRequest, type HttpResponse, JsonResponse } from "tsjango/http";
import { render } from "tsjango/shortcuts";
import { View } from "tsjango/views";
import { Author, Book } from "./models.ts";

/** The list, filtered by ?q=. */
export function index(request: HttpRequest): Promise<HttpResponse> {
  const q = request.query.get("q") ?? "";
  const books = Book.objects.filter({ title__icontains: q }).selectRelated("author");
  return render(request, "books/index.html", { books, q });
}

/** One book. */
export class BookView extends View<{ id: number }> {
  async get(request: HttpRequest, { id }: { id: number }): Promise<HttpResponse> {
    const book = await Book.objects.filter({ id }).selectRelated("author").first();
    if (book === null) throw new Http404("There is no such book.");
    return render(request, "books/book.html", { book });
  }
}

/** One author; the template awaits the books. */
export async function author(request: HttpRequest, { id }: { id: number }): Promise<HttpResponse> {
  const found = await Author.objects.filter({ id }).first();
  if (found === null) throw new Http404("There is no such author.");
  return render(request, "books/author.html", { author: found, books: found.books.all() });
}

/** The books as JSON. */
export async function api(): Promise<JsonResponse> {
  const books = await Book.objects.all().selectRelated("author");
  return new JsonResponse({
    books: books.map(({ id, title, year, price, author }) => ({ id, title, year, price, author: author.name })),
  });
}
