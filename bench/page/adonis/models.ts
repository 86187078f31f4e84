import { BaseModel, belongsTo, column } from "@adonisjs/lucid/orm";
import type { BelongsTo } from "@adonisjs/lucid/types/relations";
import type { DateTime } from "luxon";

// Decorators are written as what they compile to: Node runs TypeScript without them.

export class Author extends BaseModel {
  static override table = "books_author";
  declare id: number;
  declare name: string;
  static {
    column({ isPrimary: true })(this.prototype, "id");
    column()(this.prototype, "name");
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
    column({ isPrimary: true })(this.prototype, "id");
    column()(this.prototype, "title");
    column()(this.prototype, "pages");
    column.dateTime()(this.prototype, "published");
    // SQLite has numbers for booleans.
    column({ consume: Boolean })(this.prototype, "inStock");
    column({ serializeAs: null })(this.prototype, "authorId");
    belongsTo(() => Author)(this.prototype, "author");
  }
}
