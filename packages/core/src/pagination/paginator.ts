import { ImproperlyConfigured } from "@tsjango/kernel/exceptions";
import { describeValue } from "@tsjango/kernel/utils";
import { EmptyPage, PageNotAnInteger } from "../exceptions.ts";
import { type ElidedOptions, elidedPageRange } from "./elided.ts";
import { Page } from "./page.ts";
import { isArray, type ObjectList } from "./query-set-like.ts";

/** What a paginator may be told. */
export interface PaginatorOptions {
  /** So few rows at the end are shown on the page before: no page of one row. Default 0. */
  readonly orphans?: number;
  /** Whether the first page may be empty. Default true. */
  readonly allowEmptyFirstPage?: boolean;
}

/**
 * Shows many rows page by page. The rows are counted once, and each page is one query.
 * Source: https://docs.djangoproject.com/en/5.2/ref/paginator/
 * @example
 * const paginator = new Paginator(Book.objects.orderBy("title"), 25);
 * const page = await paginator.getPage(request.query.get("page"));
 * for (const book of page) console.log(book.title); // Book
 */
export class Paginator<T> {
  readonly objectList: ObjectList<T>;
  readonly perPage: number;
  readonly orphans: number;
  readonly allowEmptyFirstPage: boolean;
  #count: Promise<number> | undefined;

  /** @throws ImproperlyConfigured for numbers that make no pages. */
  constructor(objectList: ObjectList<T>, perPage: number, options: PaginatorOptions = {}) {
    const { orphans = 0, allowEmptyFirstPage = true } = options;
    if (!Number.isSafeInteger(perPage) || perPage < 1) {
      throw new ImproperlyConfigured(
        `Paginator: perPage must be a whole number from 1; found ${describeValue(perPage)}.`,
      );
    }
    if (!Number.isSafeInteger(orphans) || orphans < 0 || orphans >= perPage) {
      throw new ImproperlyConfigured(
        `Paginator: orphans must be a whole number below perPage (${perPage}); found ${describeValue(orphans)}.`,
      );
    }
    this.objectList = objectList;
    this.perPage = perPage;
    this.orphans = orphans;
    this.allowEmptyFirstPage = allowEmptyFirstPage;
  }

  /** How many rows there are on all pages; asked for once. */
  count(): Promise<number> {
    if (this.#count === undefined) {
      const { objectList } = this;
      this.#count = isArray(objectList) ? Promise.resolve(objectList.length) : objectList.count();
      // A count that failed is asked for again.
      this.#count.catch(() => {
        this.#count = undefined;
      });
    }
    return this.#count;
  }

  async numPages(): Promise<number> {
    const count = await this.count();
    if (count === 0 && !this.allowEmptyFirstPage) return 0;
    return Math.ceil(Math.max(1, count - this.orphans) / this.perPage);
  }

  /** `[1, 2, … numPages]`. */
  async pageRange(): Promise<number[]> {
    return Array.from({ length: await this.numPages() }, (_, index) => index + 1);
  }

  /** `[1, 2, "…", 40, 41, 42, 43, 44, 45, 46, "…", 49, 50]` around a page. */
  async elidedPageRange(number: unknown = 1, options: ElidedOptions = {}): Promise<(number | "…")[]> {
    return elidedPageRange(await this.validateNumber(number), await this.numPages(), options);
  }

  /** A page's number. @throws PageNotAnInteger, EmptyPage */
  async validateNumber(number: unknown): Promise<number> {
    const value = typeof number === "string" && /^\d{1,15}$/.test(number.trim()) ? Number(number) : number;
    if (!Number.isSafeInteger(value)) throw new PageNotAnInteger("That page number is not an integer");
    if ((value as number) < 1) throw new EmptyPage("That page number is less than 1");
    if ((value as number) > (await this.numPages())) throw new EmptyPage("That page contains no results");
    return value as number;
  }

  /** A page. @throws PageNotAnInteger, EmptyPage */
  async page(number: unknown): Promise<Page<T>> {
    const wanted = await this.validateNumber(number);
    const [count, numPages] = [await this.count(), await this.numPages()];
    const bottom = (wanted - 1) * this.perPage;
    const top = bottom + this.perPage + this.orphans >= count ? count : bottom + this.perPage;
    return new Page({ number: wanted, count, numPages, perPage: this.perPage, rows: await this.#rows(bottom, top) });
  }

  /** A page for whatever a client sent: the first where it is no number, the last where it is out of range. */
  async getPage(number: unknown): Promise<Page<T>> {
    try {
      return await this.page(number);
    } catch (error) {
      if (error instanceof PageNotAnInteger) return this.page(1);
      if (error instanceof EmptyPage) return this.page(await this.numPages());
      throw error;
    }
  }

  /** All pages, one query each. */
  async *[Symbol.asyncIterator](): AsyncGenerator<Page<T>, void, undefined> {
    for (const number of await this.pageRange()) yield this.page(number);
  }

  async #rows(bottom: number, top: number): Promise<readonly T[]> {
    if (top <= bottom) return [];
    return isArray(this.objectList) ? this.objectList.slice(bottom, top) : this.objectList.slice(bottom, top);
  }
}
