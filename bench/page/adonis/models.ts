import { BaseModel, belongsTo, column } from "@adonisjs/lucid/orm";
import type { BelongsTo } from "@adonisjs/lucid/types/relations";
import type { DateTime } from "luxon";

// Decorators are written as what they compile to: Node runs TypeScript without them.

export class Author extends BaseModel {
  static override table = "books_author";
  declare id: number;
  declare name: string;
  static {
    column({ isPrimary: true })(Author.prototype, "id");
    column()(Author.prototype, "name");
  }
}

export class Book extends BaseModel {
  static override table = "books_book";
  declare id: number;
  declare title: string;
  declare pages: number;
  declare published: DateTime;
  declare inStock: boolean;
  declare authorId: number;
  declare author: BelongsTo<typeof Author>;
  static {
    column({ isPrimary: true })(Book.prototype, "id");
    column()(Book.prototype, "title");
    column()(Book.prototype, "pages");
    column.dateTime()(Book.prototype, "published");
    // SQLite has numbers for booleans.
    column({ consume: Boolean })(Book.prototype, "inStock");
    column({ serializeAs: null })(Book.prototype, "authorId");
    belongsTo(() => Author)(Book.prototype, "author");
  }
}
