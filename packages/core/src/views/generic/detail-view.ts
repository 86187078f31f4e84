import { ImproperlyConfigured, ObjectDoesNotExist } from "@tsjango/kernel/exceptions";
import { Http404 } from "../../exceptions.ts";
import type { HttpRequest } from "../../http/request.ts";
import type { QuerySetLike } from "../../pagination/query-set-like.ts";
import type { ViewResult } from "../view.ts";
import { freshRows, type ModelLike, modelOf, modelTemplate, rowsOf, variableName } from "./model-like.ts";
import { type Context, TemplateResponseView } from "./template-view.ts";

/** What the views of one object have in common: Django's SingleObjectMixin with its template names. */
export class SingleObjectView<M, P extends object = {}> extends TemplateResponseView<P> {
  model: ModelLike<M> | undefined = undefined;
  /** The rows that the object is looked for in. Default: all of the model. */
  queryset: QuerySetLike<M> | undefined = undefined;
  /** The field that a parameter `slug` is looked for in. */
  slugField = "slug";
  /** The names of the parameters. */
  pkParam = "pk";
  slugParam = "slug";
  /** Whether a URL with both is looked for by both. */
  queryPkAndSlug = false;
  /** What the template calls the object, besides `object`. Default: the model's name, "book". */
  contextObjectName: string | undefined = undefined;
  /** A field of the object that holds the template's name. */
  templateNameField: string | undefined = undefined;
  /** The end of the default template's name: "_detail" of "blog/book_detail.html". */
  templateNameSuffix = "_detail";
  /** The object, once `getObject` has found it. */
  object!: M;

  /** The rows that the object is looked for in. */
  getQueryset(): QuerySetLike<M> {
    if (this.queryset !== undefined) return freshRows(this.queryset) as QuerySetLike<M>;
    if (this.model !== undefined) return this.model.objects.all();
    const { name } = this.constructor;
    throw new ImproperlyConfigured(`${name} needs rows: set its model or queryset, or override getQueryset().`);
  }

  /** The object that the URL means. @throws Http404 */
  async getObject(): Promise<M> {
    const params = this.params as Readonly<Record<string, unknown>>;
    const rows = this.getQueryset();
    const where: Record<string, unknown> = {};
    const pk = params[this.pkParam];
    const slug = params[this.slugParam];
    if (pk !== undefined) where["pk"] = pk;
    if (slug !== undefined && (pk === undefined || this.queryPkAndSlug)) where[this.slugField] = slug;
    if (pk === undefined && slug === undefined) {
      throw new ImproperlyConfigured(
        `Generic detail view ${this.constructor.name} must be called with either an object pk or a slug in the URL: ` +
          `"<int:${this.pkParam}>/" or "<slug:${this.slugParam}>/". Other names are set by pkParam and slugParam.`,
      );
    }
    try {
      return await rowsOf(rows).get(where);
    } catch (error) {
      if (!(error instanceof ObjectDoesNotExist)) throw error;
      const name = modelOf(this.model, rows)?.name ?? "object";
      throw new Http404(`No ${name} found matching the query`, { cause: error });
    }
  }

  override async getContextData(given: object = {}): Promise<Context> {
    const model = this.#model();
    const name = this.contextObjectName ?? (model === undefined ? undefined : variableName(model));
    return super.getContextData({ object: this.object, ...(name !== undefined && { [name]: this.object }), ...given });
  }

  override getTemplateNames(): readonly string[] {
    if (this.templateName !== undefined) return super.getTemplateNames();
    const own = this.templateNameField && (this.object as Record<string, unknown>)[this.templateNameField];
    const model = this.#model();
    const byModel = model === undefined ? undefined : modelTemplate(model, this.templateNameSuffix);
    const names = [own, byModel].filter((name): name is string => typeof name === "string" && name !== "");
    return names.length > 0 ? names : super.getTemplateNames();
  }

  #model(): ModelLike<M> | undefined {
    return modelOf(this.model, this.queryset) ?? ((this.object as object).constructor as unknown as ModelLike<M>);
  }
}

/**
 * Shows one object.
 * Source: https://docs.djangoproject.com/en/5.2/ref/class-based-views/generic-display/#detailview
 * @example
 * export class BookDetail extends DetailView<Book, { pk: number }> {
 *   override model = Book;
 * } // path("books/<int:pk>/", BookDetail.asView(), { name: "book" }), blog/templates/blog/book_detail.html
 */
export class DetailView<M, P extends object = {}> extends SingleObjectView<M, P> {
  async get(_request: HttpRequest, _params: P): Promise<ViewResult> {
    this.object = await this.getObject();
    return this.renderToResponse(await this.getContextData());
  }
}
