import { ImproperlyConfigured } from "@tsjango/kernel/exceptions";
import { Http404, InvalidPage } from "../../exceptions.ts";
import type { HttpRequest } from "../../http/request.ts";
import type { Page } from "../../pagination/page.ts";
import { Paginator } from "../../pagination/paginator.ts";
import { isArray, type ObjectList } from "../../pagination/query-set-like.ts";
import type { ViewResult } from "../view.ts";
import { freshRows, type ModelLike, modelOf, modelTemplate, rowsOf, variableName } from "./model-like.ts";
import { type Context, TemplateResponseView } from "./template-view.ts";

/** What a list's context is made of. */
export interface ListData<M> {
  /** The rows that are shown: those of the page. */
  readonly objectList: readonly M[];
  readonly page?: Page<M> | undefined;
}

/** What the views of several objects have in common: Django's MultipleObjectMixin with its template names. */
export class MultipleObjectView<M, P extends object = {}> extends TemplateResponseView<P> {
  model: ModelLike<M> | undefined = undefined;
  /** The rows. Default: all of the model. */
  queryset: ObjectList<M> | undefined = undefined;
  /** The order: "-published", or several paths. */
  ordering: string | readonly string[] | undefined = undefined;
  /** How many rows a page shows; without it, all are on one. */
  paginateBy: number | undefined = undefined;
  paginateOrphans = 0;
  /** The parameter, of the URL or its query, with the number of the page, or "last". */
  pageParam = "page";
  /** False: an empty list is answered with 404. */
  allowEmpty = true;
  /** What the template calls the rows, besides `objectList`. Default: "bookList". */
  contextObjectName: string | undefined = undefined;
  /** The end of the default template's name: "_list" of "blog/book_list.html". */
  templateNameSuffix = "_list";
  #model: ModelLike<M> | undefined;

  /** The rows, in their order. */
  getQueryset(): ObjectList<M> | Promise<readonly M[]> {
    const rows = this.queryset === undefined ? this.model?.objects.all() : freshRows(this.queryset);
    if (rows === undefined) {
      const { name } = this.constructor;
      throw new ImproperlyConfigured(`${name} needs rows: set its model or queryset, or override getQueryset().`);
    }
    const ordering = this.getOrdering();
    return ordering === undefined || isArray(rows) ? rows : rowsOf(rows).orderBy(...[ordering].flat());
  }

  getOrdering(): string | readonly string[] | undefined {
    return this.ordering;
  }

  /** How many rows a page shows. */
  getPaginateBy(_rows: ObjectList<M>): number | undefined {
    return this.paginateBy;
  }

  getPaginator(rows: ObjectList<M>, perPage: number): Paginator<M> {
    return new Paginator(rows, perPage, { orphans: this.paginateOrphans, allowEmptyFirstPage: this.allowEmpty });
  }

  /** The page that the request asks for. @throws Http404 */
  async paginate(rows: ObjectList<M>, perPage: number): Promise<Page<M>> {
    const paginator = this.getPaginator(rows, perPage);
    const given = (this.params as Record<string, unknown>)[this.pageParam] ?? this.request.query.get(this.pageParam);
    const number = given === "last" ? await paginator.numPages() : (given ?? 1);
    try {
      return await paginator.page(number);
    } catch (error) {
      if (!(error instanceof InvalidPage)) throw error;
      throw new Http404(`Invalid page (${String(number)}): ${error.message}`, { cause: error });
    }
  }

  /** The rows that are shown, of one page where the view has pages. @throws Http404 for an empty list that is not allowed. */
  async getListData(rows: ObjectList<M>): Promise<ListData<M>> {
    this.#model = modelOf(this.model, rows);
    const perPage = this.getPaginateBy(rows);
    const page = perPage === undefined ? undefined : await this.paginate(rows, perPage);
    const objectList = page?.objectList ?? (await rows);
    if (objectList.length === 0 && !this.allowEmpty) {
      throw new Http404(`Empty list and ${this.constructor.name}.allowEmpty is false.`);
    }
    return { objectList, page };
  }

  override async getContextData(given: ListData<M>): Promise<Context> {
    const name = this.contextObjectName ?? (this.#model === undefined ? undefined : `${variableName(this.#model)}List`);
    return super.getContextData({
      isPaginated: given.page?.hasOtherPages ?? false,
      ...given,
      ...(name !== undefined && { [name]: given.objectList }),
    });
  }

  override getTemplateNames(): readonly string[] {
    const model = this.#model ?? modelOf(this.model, this.queryset);
    const byModel = model === undefined ? undefined : modelTemplate(model, this.templateNameSuffix);
    const own = [this.templateName ?? []].flat();
    return own.length === 0 && byModel === undefined
      ? super.getTemplateNames()
      : [...own, ...(byModel ? [byModel] : [])];
  }
}

/** Rows in a box, as awaiting a query set would run it. */
export async function boxed<M>(rows: ObjectList<M> | Promise<readonly M[]>): Promise<[ObjectList<M>]> {
  return rows instanceof Promise ? [await rows] : [rows];
}

/**
 * Shows a list of objects, page by page if told so.
 * Source: https://docs.djangoproject.com/en/5.2/ref/class-based-views/generic-display/#listview
 * @example
 * export class BookList extends ListView<Book> {
 *   override model = Book;
 *   override paginateBy = 25;
 *   override getQueryset() {
 *     return Book.objects.published().selectRelated("author");
 *   }
 * } // path("books/", BookList.asView(), { name: "books" }), blog/templates/blog/book_list.html
 */
export class ListView<M, P extends object = {}> extends MultipleObjectView<M, P> {
  async get(_request: HttpRequest, _params: P): Promise<ViewResult> {
    const [rows] = await boxed(this.getQueryset());
    return this.renderToResponse(await this.getContextData(await this.getListData(rows)));
  }
}
