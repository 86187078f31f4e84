// The models of this app, each a table. For example:
//
//     import { fields, Model } from "tsjango/db";
//
//     export class Entry extends Model<Entry>()({
//       title: fields.char({ maxLength: 200 }),
//     }) {}
//
// Then: tsjango makemigrations, tsjango migrate.
export {};
