import { fields, Model, meta } from "../../src/index.ts";

// The models of scripts/golden/golden/models.py.

export class Publisher extends Model<Publisher>()({
  name: fields.char({ maxLength: 100 }),
  city: fields.char({ maxLength: 100, null: true }),
  founded: fields.integer({ null: true }),
  books: () => fields.related(Book, "publisher"),
}) {}

export class Author extends Model<Author>()({
  name: fields.char({ maxLength: 100 }),
  email: fields.email({ unique: true, null: true }),
  age: fields.integer({ null: true }),
  rating: fields.float({ null: true }),
  born: fields.date({ null: true }),
  boss: () => fields.foreignKey(Author, { onDelete: "setNull", null: true }),
  team: () => fields.related(Author, "boss"),
  books: () => fields.related(Book, "author"),
  edited: () => fields.related(Book, "editor"),
  reviews: () => fields.related(Review, "reviewer"),
  profile: () => fields.relatedOne(Profile, "author"),
}) {
  static override meta = meta<Author>({ ordering: ["name"] });
}

export class Profile extends Model<Profile>()({
  author: () => fields.oneToOne(Author, { onDelete: "cascade" }),
  bio: fields.text({ default: "" }),
  motto: fields.char({ maxLength: 100, null: true }),
  lucky: fields.integer({ null: true }),
}) {}

export class Tag extends Model<Tag>()({
  label: fields.char({ maxLength: 50 }),
  parent: () => fields.foreignKey(Tag, { onDelete: "setNull", null: true }),
  children: () => fields.related(Tag, "parent"),
  books: () => fields.related(Book, "tags"),
}) {}

export class Book extends Model<Book>()({
  title: fields.char({ maxLength: 200 }),
  author: () => fields.foreignKey(Author, { onDelete: "cascade" }),
  editor: () => fields.foreignKey(Author, { onDelete: "setNull", null: true }),
  publisher: () => fields.foreignKey(Publisher, { onDelete: "protect", null: true }),
  tags: () => fields.manyToMany(Tag),
  pages: fields.integer({ default: 0 }),
  stock: fields.smallInteger({ null: true }),
  price: fields.decimal({ maxDigits: 8, decimalPlaces: 2, null: true }),
  cost: fields.decimal({ maxDigits: 8, decimalPlaces: 2, default: "0" }),
  weight: fields.float({ null: true }),
  published: fields.dateTime({ null: true }),
  bought: fields.date({ null: true }),
  opens: fields.time({ null: true }),
  loan: fields.duration({ null: true }),
  translated: fields.boolean({ default: false }),
  status: fields.char({ maxLength: 10, default: "draft" }),
  reviews: () => fields.related(Review, "book"),
  stores: () => fields.related(Store, "books"),
  stocks: () => fields.related(Stock, "book"),
}) {
  static override meta = meta<Book>({ ordering: ["title"] });
}

export class Review extends Model<Review>()({
  book: () => fields.foreignKey(Book, { onDelete: "cascade" }),
  reviewer: () => fields.foreignKey(Author, { onDelete: "setNull", null: true }),
  stars: fields.integer({ null: true }),
  text: fields.text({ default: "" }),
  written: fields.dateTime(),
}) {}

export class Store extends Model<Store>()({
  name: fields.char({ maxLength: 100 }),
  city: fields.char({ maxLength: 100, null: true }),
  extra: fields.json({ null: true }),
  books: () => fields.manyToMany(Book, { through: Stock }),
  stocks: () => fields.related(Stock, "store"),
}) {}

export class Stock extends Model<Stock>()({
  store: () => fields.foreignKey(Store, { onDelete: "cascade" }),
  book: () => fields.foreignKey(Book, { onDelete: "cascade" }),
  copies: fields.integer({ default: 0 }),
}) {}
