import { fields, Model } from "../../src/index.ts";
import { Book } from "./library.ts";
export interface Prefs {
  theme: "dark" | "light";
  limits: { daily: number };
}
export class Publisher extends Model<Publisher>()({
  id: fields.uuid({ primaryKey: true }),
  name: fields.char(),
  prefs: fields.json<Prefs>(),
  books: () => fields.related(Book, "publisher"),
}) {}
