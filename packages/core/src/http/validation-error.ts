import { BadRequest } from "../exceptions.ts";
import type { HttpResponse } from "./response.ts";
import { JsonResponse } from "./responses.ts";
import type { SchemaIssue, StandardSchema } from "./standard-schema.ts";

/** The data of a request does not fit its schema; answered with 400 and the errors as JSON. */
export class RequestValidationError extends BadRequest {
  static override readonly code: string = "request_validation";
  /** Messages by field: `{ "title": ["…"], "tags.0": ["…"] }`; those about the whole under `""`. */
  readonly errors: Readonly<Record<string, readonly string[]>>;

  constructor(issues: readonly SchemaIssue[]) {
    const errors: Record<string, string[]> = Object.create(null);
    for (const { path = [], message } of issues) {
      const field = path.map((part) => String(typeof part === "object" ? part.key : part)).join(".");
      errors[field] ??= [];
      errors[field].push(message);
    }
    const lines = Object.entries(errors).map(([field, messages]) => `${field || "(all)"}: ${messages.join(" ")}`);
    super(`The request's data is not valid. ${lines.join("; ")}`);
    this.errors = errors;
  }

  /** The answer the client gets. */
  toResponse(): HttpResponse {
    return new JsonResponse({ errors: this.errors }, { status: this.status });
  }
}

/** The schema's output for `value`. Throws RequestValidationError with every issue. */
export async function validate<T>(schema: StandardSchema<T>, value: unknown): Promise<T> {
  const result = await schema["~standard"].validate(value);
  if (result.issues !== undefined) throw new RequestValidationError(result.issues);
  return result.value;
}
