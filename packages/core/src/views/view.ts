import { ImproperlyConfigured } from "@tsjango/kernel/exceptions";
import { logger } from "@tsjango/kernel/logging";
import { didYouMean } from "@tsjango/kernel/utils";
import type { HttpRequest } from "../http/request.ts";
import { type BaseResponse, HttpResponse } from "../http/response.ts";
import { HttpResponseNotAllowed } from "../http/responses.ts";

const log = logger("tsjango.request");

/** What a view may return. */
export type ViewResult = BaseResponse | Response;

/** The parameters that a class of view takes. */
type ParamsOf<V extends View<object>> = V["params"];

const METHODS: readonly string[] = ["get", "post", "put", "patch", "delete", "head", "options", "trace"];

/**
 * A view with a method for each HTTP method; each request gets an instance of its own. A method that a class does not
 * define answers 405.
 * Source: https://docs.djangoproject.com/en/5.2/ref/class-based-views/base/#view
 * @example
 * export class BookView extends View<{ id: number }> {
 *   async get(request: HttpRequest, { id }: { id: number }) {
 *     return new HttpResponse(`Book ${id}`);
 *   }
 * }
 * // path("books/<int:id>/", BookView.asView(), { name: "book" })
 */
export class View<P extends object = {}> {
  /** The methods it may define, in lower case. */
  static readonly httpMethodNames: readonly string[] = METHODS;
  request!: HttpRequest;
  params!: P;

  /**
   * The function for `path`. `initial` sets properties of each instance.
   * @throws ImproperlyConfigured for a property the class does not have, or the name of a method.
   */
  static asView<V extends View<object>>(
    this: new () => V,
    initial: Partial<Omit<V, "request" | "params">> = {},
  ): (request: HttpRequest, params: ParamsOf<V>) => Promise<ViewResult> {
    // biome-ignore lint/complexity/noThisInStatic: the subclass that asView was called on is meant
    return makeView(this, initial);
  }

  /** Called before `dispatch`; an override calls `super.setup(request, params)` first. */
  setup(request: HttpRequest, params: P): void {
    this.request = request;
    this.params = params;
  }

  /** Calls the method's function, or answers 405. */
  async dispatch(request: HttpRequest, params: P): Promise<ViewResult> {
    const handler = methodOf(this, request.method.toLowerCase());
    if (handler === undefined) return this.httpMethodNotAllowed(request, params);
    return handler.call(this, request, params);
  }

  /** Answers a method that the class does not define: 405 with those that it does. */
  httpMethodNotAllowed(request: HttpRequest, _params: P): ViewResult | Promise<ViewResult> {
    log.warn(
      { status: 405, method: request.method, path: request.path },
      `Method Not Allowed (${request.method}): ${request.path}`,
    );
    return new HttpResponseNotAllowed(allowedMethods(this));
  }

  /** Answers OPTIONS with what is allowed. */
  options(_request: HttpRequest, _params: P): ViewResult | Promise<ViewResult> {
    const response = new HttpResponse();
    response.headers.set("allow", allowedMethods(this).join(", "));
    response.headers.set("content-length", "0");
    return response;
  }
}

function makeView<V extends View<object>>(ViewClass: new () => V, initial: object) {
  checkInitial(ViewClass, initial);
  const view = async (request: HttpRequest, params: ParamsOf<V>): Promise<ViewResult> => {
    const instance = Object.assign(new ViewClass(), initial);
    instance.setup(request, params);
    return instance.dispatch(request, params);
  };
  return Object.defineProperty(view, "name", { value: ViewClass.name });
}

type Method = (request: HttpRequest, params: object) => ViewResult | Promise<ViewResult>;

function methodOf(view: object, name: string): Method | undefined {
  const { httpMethodNames } = view.constructor as typeof View;
  if (!httpMethodNames.includes(name)) return undefined;
  const methods = view as unknown as Record<string, Method | undefined>;
  const method = methods[name] ?? (name === "head" ? methods["get"] : undefined);
  return typeof method === "function" ? method : undefined;
}

function allowedMethods(view: object): string[] {
  const { httpMethodNames } = view.constructor as typeof View;
  return httpMethodNames.filter((name) => methodOf(view, name) !== undefined).map((name) => name.toUpperCase());
}

function checkInitial(ViewClass: new () => object, initial: object): void {
  const keys = Object.keys(initial);
  if (keys.length === 0) return;
  const sample = new ViewClass();
  const known = Object.keys(sample).filter((key) => key !== "request" && key !== "params");
  for (const key of keys) {
    const call = `${ViewClass.name}.asView({ ${key}: … })`;
    if (METHODS.includes(key)) {
      throw new ImproperlyConfigured(`${call}: "${key}" is the name of a method. Define it in the class instead.`);
    }
    if (key in sample && key !== "request" && key !== "params") continue;
    throw new ImproperlyConfigured(
      `${call}: ${ViewClass.name} has no property "${key}".${didYouMean(key, known)} ` +
        "asView takes only properties that the class already has.",
    );
  }
}
