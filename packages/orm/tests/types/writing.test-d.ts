import { atomic, m2mChanged, postSave, preDelete } from "../../src/index.ts";
import { Author, Book } from "../support/models.ts";

declare const book: Book;

postSave.connect(({ instance, created }) => created && instance.title.length, { sender: Book });
postSave.connect(async ({ instance, updateFields }) => void [instance.pk, updateFields?.join()]);
preDelete.connect(({ instance, origin }) => void [instance.name, origin], { sender: Author });
m2mChanged.connect(({ action }) => action === "postAdd");
// @ts-expect-error an author has no title
postSave.connect(({ instance }) => instance.title, { sender: Author });
// @ts-expect-error nothing says whether a row that goes is new
preDelete.connect(({ created }) => created, { sender: Book });
// @ts-expect-error links are not "added"
m2mChanged.connect(({ action }) => action === "added");

await book.save({ updateFields: ["title"], forceUpdate: true });
// @ts-expect-error no such field
await book.save({ updateFields: ["titel"] });
await book.refreshFromDb({ fields: ["title"] });
// @ts-expect-error no such field
await book.refreshFromDb({ fields: ["titel"] });
await book.fullClean({ exclude: ["title"], validateUnique: false });

const count: number = await book.delete();
const counts: Readonly<Record<string, number>> = (await Book.objects.all().delete({ perModel: true })).models;
void [count, counts, book.equals(book)];

const title: string = await atomic(async () => book.title, { isolation: "serializable", retries: 2 });
// @ts-expect-error no such level
await atomic(async () => title, { isolation: "chaos" });
