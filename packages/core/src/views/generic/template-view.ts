import { ImproperlyConfigured } from "@tsjango/kernel/exceptions";
import type { HttpRequest } from "../../http/request.ts";
import type { ResponseOptions } from "../../http/response.ts";
import { TemplateResponse } from "../../template/template-response.ts";
import { View, type ViewResult } from "../view.ts";

/** What a template sees. */
export type Context = Record<string, unknown>;

/** What views that render templates have in common: Django's ContextMixin and TemplateResponseMixin. */
export class TemplateResponseView<P extends object = {}> extends View<P> {
  /** The template, or several of which the first that exists is rendered. */
  templateName: string | readonly string[] | undefined = undefined;
  contentType: string | undefined = undefined;
  /** Added to the context of every request. */
  extraContext: Readonly<Context> | undefined = undefined;

  /** The names to look for, in order. */
  getTemplateNames(): readonly string[] {
    if (this.templateName !== undefined) return [this.templateName].flat();
    const { name } = this.constructor;
    throw new ImproperlyConfigured(`${name} needs a template: set its templateName, or override getTemplateNames().`);
  }

  /** What the template sees, besides `request`; an override adds to what `super.getContextData(given)` gives. */
  async getContextData(given: object = {}): Promise<Context> {
    return { view: this, ...this.extraContext, ...given };
  }

  /** The response, which is rendered when middleware has seen it. */
  renderToResponse(context: object, options: ResponseOptions = {}): TemplateResponse {
    const { contentType } = this;
    return new TemplateResponse(this.request, this.getTemplateNames(), context, {
      ...(contentType !== undefined && { contentType }),
      ...options,
    });
  }
}

/**
 * Renders a template with the parameters of the URL.
 * Source: https://docs.djangoproject.com/en/5.2/ref/class-based-views/base/#templateview
 * @example
 * path("about/", TemplateView.asView({ templateName: "about.html" }));
 */
export class TemplateView<P extends object = {}> extends TemplateResponseView<P> {
  async get(_request: HttpRequest, params: P): Promise<ViewResult> {
    return this.renderToResponse(await this.getContextData({ ...params }));
  }
}
