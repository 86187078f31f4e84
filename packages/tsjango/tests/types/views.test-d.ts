import { fields, Model } from "tsjango/db";
import { Paginator } from "tsjango/pagination";
import { getListOr404, getObjectOr404 } from "tsjango/shortcuts";
import { path, urls } from "tsjango/urls";
import { DetailView, ListView, type TemplateResponseView, TemplateView } from "tsjango/views";

class Author extends Model<Author>()({ name: fields.char({ maxLength: 100 }) }) {}
class Book extends Model<Book>()({
  title: fields.char({ maxLength: 100 }),
  author: () => fields.foreignKey(Author, { onDelete: "cascade" }),
}) {}

class BookList extends ListView<Book> {
  override model = Book;
  override getQueryset() {
    return Book.objects.filter({ title: "x" }).selectRelated("author");
  }
}
class WrongList extends ListView<Book> {
  // @ts-expect-error another model
  override model = Author;
}
class WrongRows extends ListView<Book> {
  // @ts-expect-error rows of another model
  override getQueryset() {
    return Author.objects.all();
  }
}
class BookDetail extends DetailView<Book, { pk: number }> {
  override model = Book;
  override async getContextData() {
    return { ...(await super.getContextData()), shout: this.object.title.toUpperCase() };
  }
}
// A mixin is a function of a class; TypeScript wants any[] of its constructor.
// biome-ignore lint/suspicious/noExplicitAny: see above
function titled<B extends new (...args: any[]) => TemplateResponseView>(Base: B) {
  return class Titled extends Base {
    heading = "Books";
    override async getContextData(given?: object) {
      return { ...(await super.getContextData(given)), heading: this.heading };
    }
  };
}
class TitledPage extends titled(TemplateView) {
  override heading = "About";
  override templateName = "about.html";
}
class TitledList extends titled(ListView<Book>) {
  override model = Book;
  override paginateBy = 3;
}
class WrongTitledList extends titled(ListView<Book>) {
  // @ts-expect-error another model
  override model = Author;
}

export const urlpatterns = urls(
  path("books/", BookList.asView()),
  path("titled/", TitledList.asView({ heading: "x" })),
  path("about/", TitledPage.asView()),
  path("any/", ListView.asView({ model: Book, paginateBy: 10 })),
  path("books/<int:pk>/", BookDetail.asView()),
  // @ts-expect-error the route gives a text
  path("books/<slug:pk>/", BookDetail.asView()),
  // @ts-expect-error no such property
  path("books/", BookList.asView({ paginatBy: 10 })),
);

export async function shortcuts() {
  (await getObjectOr404(Book, { title: "x", author__name: "y" })).title satisfies string;
  (await getObjectOr404(Book.objects.selectRelated("author"), { title: "x" })).author.name satisfies string;
  (await getListOr404(Book.objects.all(), { title__icontains: "x" }))[0]?.title satisfies string | undefined;
  // @ts-expect-error no such field
  await getObjectOr404(Book, { titl: "x" });
  // @ts-expect-error wrong value
  await getListOr404(Book, { title: 3 });
  // @ts-expect-error not a model
  await getObjectOr404(Date, {});
  for (const book of await new Paginator(Book.objects.selectRelated("author"), 2).page(1)) {
    book.author.name satisfies string;
  }
  new Paginator([1, 2], 2) satisfies Paginator<number>;
}
export { WrongList, WrongRows, WrongTitledList };
