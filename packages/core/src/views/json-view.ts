import { InvalidViewResult } from "../exceptions.ts";
import type { HttpRequest } from "../http/request.ts";
import { BaseResponse, HttpResponse } from "../http/response.ts";
import { HttpResponseNotAllowed, JsonResponse } from "../http/responses.ts";
import type { SchemaIssue, StandardSchema } from "../http/standard-schema.ts";
import { RequestValidationError } from "../http/validation-error.ts";

/** What a schema gives. */
export type SchemaOutput<S> = S extends StandardSchema<infer T> ? T : undefined;

/** What a schema takes, where it says so. */
type SchemaInput<S> = S extends { readonly "~standard": { readonly types?: infer T } }
  ? NonNullable<T> extends { readonly input: infer I extends object }
    ? I
    : object
  : object;

/** The schemas of a JSON view, each any Standard Schema such as zod's. */
export interface JsonViewOptions<B, Q, P> {
  /** Of the request's body, as JSON. */
  readonly body?: B;
  /** Of the query string: strings, and arrays where a name is given more than once. */
  readonly query?: Q;
  /** Of the parameters of the URL. */
  readonly params?: P;
  /** Default: with a body POST, PUT, PATCH and DELETE; without one, all. */
  readonly methods?: readonly string[];
  /** The status of the answer. Default 200. */
  readonly status?: number;
}

/** What a JSON view is given; what has no schema is undefined, but for the parameters. */
export interface JsonInput<B, Q, P> {
  readonly request: HttpRequest;
  readonly body: SchemaOutput<B>;
  readonly query: SchemaOutput<Q>;
  readonly params: P;
}

/** The schema of a JSON view's answer. */
export interface JsonResult<R> {
  /** What it does not name is left out, and an answer that does not fit is an error of the server. */
  readonly result: R;
}

type ViewParams<P, U> = P extends StandardSchema ? SchemaInput<P> : U;
type ParamsOf<P, U> = P extends StandardSchema<infer T> ? T : U;

/** What a JSON view takes and gives, for programs that call it: `typeof createBook["json"]`. */
export interface JsonTypes<B, Q, T> {
  readonly body: SchemaOutput<B>;
  readonly query: SchemaOutput<Q>;
  readonly result: T;
}

/** A view of JSON, with its types for those that call it; no value has `json`. */
export interface JsonView<U, B, Q, T> {
  (request: HttpRequest, params: U): Promise<BaseResponse>;
  readonly json?: JsonTypes<B, Q, T>;
}

const WITH_BODY: readonly string[] = ["POST", "PUT", "PATCH", "DELETE"];

/** Checks a part of the request; what is wrong is added to `issues`, with the part's name before the field's. */
async function checked(schema: unknown, value: unknown, part: string, issues: SchemaIssue[]): Promise<unknown> {
  const result = await (schema as StandardSchema)["~standard"].validate(value);
  if (result.issues === undefined) return result.value;
  for (const { message, path = [] } of result.issues) {
    issues.push({ message, path: part === "" ? path : [part, ...path] });
  }
  return undefined;
}

/** A JSON view whose answer is checked by a schema, too. */
export function jsonView<
  R extends StandardSchema,
  U extends object = object,
  B extends StandardSchema | undefined = undefined,
  Q extends StandardSchema | undefined = undefined,
  P extends StandardSchema | undefined = undefined,
>(
  options: JsonViewOptions<B, Q, P> & JsonResult<R>,
  handler: (input: JsonInput<B, Q, ParamsOf<P, U>>) => SchemaInput<R> | Promise<SchemaInput<R>>,
): JsonView<ViewParams<P, U>, B, Q, SchemaOutput<R>>;
/**
 * A view that takes JSON and gives JSON. Body, query and parameters are checked and typed by schemas; what does not fit is
 * answered with 400 and all field errors: `{ "errors": { "title": […], "query.page": […] } }`. The handler gives data,
 * undefined for 204, or a response.
 * @example
 * export const createBook = jsonView(
 *   { body: z.object({ title: z.string().min(1) }), status: 201 },
 *   async ({ body }) => ({ title: body.title }),
 * ); // path("books/", createBook, { name: "create-book" })
 */
export function jsonView<
  T,
  U extends object = object,
  B extends StandardSchema | undefined = undefined,
  Q extends StandardSchema | undefined = undefined,
  P extends StandardSchema | undefined = undefined,
>(
  options: JsonViewOptions<B, Q, P>,
  handler: (input: JsonInput<B, Q, ParamsOf<P, U>>) => T | Promise<T>,
): JsonView<ViewParams<P, U>, B, Q, T>;
export function jsonView(
  options: JsonViewOptions<unknown, unknown, unknown> & Partial<JsonResult<StandardSchema>>,
  handler: (input: never) => unknown,
): JsonView<object, undefined, undefined, unknown> {
  const methods = options.methods ?? (options.body === undefined ? undefined : WITH_BODY);
  async function view(request: HttpRequest, params: object): Promise<BaseResponse> {
    if (methods !== undefined && !methods.includes(request.method)) return new HttpResponseNotAllowed(methods);
    const issues: SchemaIssue[] = [];
    const given = options.params === undefined ? params : await checked(options.params, params, "path", issues);
    const query =
      options.query === undefined ? undefined : await checked(options.query, request.query.toObject(), "query", issues);
    const body = options.body === undefined ? undefined : await checked(options.body, await request.json(), "", issues);
    if (issues.length > 0) throw new RequestValidationError(issues);
    const result = await handler({ request, body, query, params: given } as never);
    if (result instanceof BaseResponse) return result;
    if (result === undefined) return empty();
    return new JsonResponse(await answer(options.result, result, handler.name), { status: options.status });
  }
  return Object.defineProperty(view, "name", { value: handler.name || "jsonView" });
}

function empty(): HttpResponse {
  const response = new HttpResponse("", { status: 204 });
  response.headers.delete("content-type");
  return response;
}

async function answer(schema: StandardSchema | undefined, result: unknown, name: string): Promise<unknown> {
  if (schema === undefined) return result;
  const checkedResult = await schema["~standard"].validate(result);
  if (checkedResult.issues === undefined) return checkedResult.value;
  const [issue] = checkedResult.issues;
  const at = issue?.path?.map((part) => String(typeof part === "object" ? part.key : part)).join(".");
  throw new InvalidViewResult(
    `The JSON view ${name || "(anonymous)"} returned what its result schema refuses: ${at ? `${at}: ` : ""}${issue?.message}`,
  );
}
