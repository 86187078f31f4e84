import { type ElidedOptions, elidedPageRange } from "./elided.ts";

/** What a page is made of. */
export interface PageInit<T> {
  readonly number: number;
  readonly count: number;
  readonly numPages: number;
  readonly perPage: number;
  readonly rows: readonly T[];
}

/**
 * The rows of one page, and where it stands among the others. All of it reads at once, in templates too:
 * `{% for book in page %}`, `{% if page.hasNext %}<a href="?page={{ page.nextPageNumber }}">`.
 */
export class Page<T> implements Iterable<T> {
  /** From 1. */
  readonly number: number;
  /** How many rows there are on all pages. */
  readonly count: number;
  readonly numPages: number;
  readonly perPage: number;
  /** The rows of this page. */
  readonly objectList: readonly T[];

  constructor({ number, count, numPages, perPage, rows }: PageInit<T>) {
    this.number = number;
    this.count = count;
    this.numPages = numPages;
    this.perPage = perPage;
    this.objectList = rows;
  }

  /** How many rows are on this page. */
  get length(): number {
    return this.objectList.length;
  }
  get hasNext(): boolean {
    return this.number < this.numPages;
  }
  get hasPrevious(): boolean {
    return this.number > 1;
  }
  get hasOtherPages(): boolean {
    return this.hasNext || this.hasPrevious;
  }
  /** The next page's number, or null on the last one. */
  get nextPageNumber(): number | null {
    return this.hasNext ? this.number + 1 : null;
  }
  /** The previous page's number, or null on the first one. */
  get previousPageNumber(): number | null {
    return this.hasPrevious ? this.number - 1 : null;
  }
  /** Which of all rows the first on this page is, from 1; 0 where there are none. */
  get startIndex(): number {
    return this.count === 0 ? 0 : this.perPage * (this.number - 1) + 1;
  }
  /** Which of all rows the last on this page is. */
  get endIndex(): number {
    return this.number === this.numPages ? this.count : this.number * this.perPage;
  }
  get pageRange(): number[] {
    return Array.from({ length: this.numPages }, (_, index) => index + 1);
  }
  /** The pages around this one and at both ends, "…" between. */
  get elidedPageRange(): (number | "…")[] {
    return this.getElidedPageRange();
  }
  getElidedPageRange(options: ElidedOptions = {}): (number | "…")[] {
    return elidedPageRange(this.number, this.numPages, options);
  }

  [Symbol.iterator](): IterableIterator<T> {
    return this.objectList.values();
  }
  toString(): string {
    return `<Page ${this.number} of ${this.numPages}>`;
  }
}
