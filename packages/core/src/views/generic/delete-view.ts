import { ImproperlyConfigured } from "@tsjango/kernel/exceptions";
import type { HttpRequest } from "../../http/request.ts";
import { HttpResponseRedirect } from "../../http/responses.ts";
import type { ViewResult } from "../view.ts";
import { SingleObjectView } from "./detail-view.ts";
import { fillAddress } from "./redirect-view.ts";

/**
 * Asks whether one object is to be deleted, and deletes it when the page's form is sent.
 * Source: https://docs.djangoproject.com/en/5.2/ref/class-based-views/generic-editing/#deleteview
 * @example
 * export class BookDelete extends DeleteView<Book, { pk: number }> {
 *   override model = Book;
 *   override successUrl = "/books/";
 * } // blog/templates/blog/book_confirm_delete.html
 */
export class DeleteView<M extends { delete(): Promise<unknown> }, P extends object = {}> extends SingleObjectView<
  M,
  P
> {
  override templateNameSuffix = "_confirm_delete";
  /** Where to go afterwards; `<name>` in it stands for a value of the object. */
  successUrl: string | undefined = undefined;

  getSuccessUrl(): string | Promise<string> {
    const { name } = this.constructor;
    if (this.successUrl !== undefined) return fillAddress(this.successUrl, this.object, name);
    throw new ImproperlyConfigured(
      `${name} needs an address to go to: set its successUrl, or override getSuccessUrl().`,
    );
  }

  async get(_request: HttpRequest, _params: P): Promise<ViewResult> {
    this.object = await this.getObject();
    return this.renderToResponse(await this.getContextData());
  }

  async post(_request: HttpRequest, _params: P): Promise<ViewResult> {
    this.object = await this.getObject();
    const url = await this.getSuccessUrl();
    await this.object.delete();
    return new HttpResponseRedirect(url);
  }

  delete(request: HttpRequest, params: P): Promise<ViewResult> {
    return this.post(request, params);
  }
}
