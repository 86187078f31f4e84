import { type HttpRequest, type HttpResponse, JsonResponse } from "tsjango/http";
import { getObjectOr404, render } from "tsjango/shortcuts";
import { Author, Book } from "./models.ts";

/** The newest books; the template awaits them. */
export function index(request: HttpRequest): Promise<HttpResponse> {
  return render(request, "books/index.html", {
    books: Book.objects.selectRelated("author").orderBy("-id").slice(0, 20),
  });
}

/** The same as JSON. */
export async function api(): Promise<JsonResponse> {
  const books = await Book.objects.selectRelated("author").orderBy("-id").slice(0, 20);
  return new JsonResponse({ books: books.map((book) => ({ ...book, author: book.author })) });
}

export async function book(request: HttpRequest, { id }: { id: number }): Promise<HttpResponse> {
  return render(request, "books/book.html", { book: await getObjectOr404(Book.objects, { id }) });
}

export async function author(request: HttpRequest, { id }: { id: number }): Promise<HttpResponse> {
  return render(request, "books/author.html", { author: await getObjectOr404(Author.objects, { id }) });
}
