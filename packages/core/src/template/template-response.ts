import { ContentNotRenderedError } from "../exceptions.ts";
import type { HttpRequest } from "../http/request.ts";
import { type BodyPiece, HttpResponse, type ResponseOptions } from "../http/response.ts";
import { getTemplateEngine } from "./engine.ts";

/** Called with a TemplateResponse once it is rendered; may give another response in its place. */
export type PostRenderCallback = (
  response: TemplateResponse,
) => HttpResponse | undefined | void | Promise<HttpResponse | undefined | void>;

/**
 * A response whose template is rendered after middleware had a chance to change its context.
 * Source: https://docs.djangoproject.com/en/5.2/ref/template-response/
 * @example
 * return new TemplateResponse(request, "blog/list.html", { books: Book.objects.all() });
 */
export class TemplateResponse extends HttpResponse {
  readonly request: HttpRequest;
  /** One name, or several of which the first that exists is rendered. */
  templateName: string | readonly string[];
  /** What the template sees, besides `request`. */
  contextData: Record<string, unknown>;
  #rendered = false;
  readonly #callbacks: PostRenderCallback[] = [];

  constructor(
    request: HttpRequest,
    template: string | readonly string[],
    context: object = {},
    options: ResponseOptions = {},
  ) {
    super("", options);
    this.request = request;
    this.templateName = template;
    this.contextData = { ...context };
  }

  get isRendered(): boolean {
    return this.#rendered;
  }

  /** The body. @throws ContentNotRenderedError before it is rendered. */
  override get content(): BodyPiece {
    if (this.#rendered) return super.content;
    throw new ContentNotRenderedError(
      `The response with the template ${JSON.stringify(this.templateName)} must be rendered before its content is read. ` +
        'Write "await response.render()", or return it from the view.',
    );
  }

  override set content(value: BodyPiece) {
    super.content = value;
    this.#rendered = true;
  }

  /** Renders it once; gives itself, or what a callback put in its place. @throws TemplateDoesNotExist, TemplateError */
  async render(): Promise<HttpResponse> {
    if (this.#rendered) return this;
    const engine = getTemplateEngine();
    const name = await engine.select(this.templateName);
    this.content = await engine.render(name, { request: this.request, ...this.contextData });
    let response: HttpResponse = this;
    for (const callback of this.#callbacks) response = (await callback(this)) ?? response;
    return response;
  }

  /** Calls `callback` when it is rendered; at once where it already is. */
  async addPostRenderCallback(callback: PostRenderCallback): Promise<void> {
    if (this.#rendered) await callback(this);
    else this.#callbacks.push(callback);
  }
}
