import { type Context, type Emitter, Tag } from "liquidjs";
import { readVariable } from "../context.ts";

/** `{% csrf_token %}`: the hidden field that a form of this site carries. */
export class CsrfTokenTag extends Tag {
  override *render(context: Context, emitter: Emitter): Generator<unknown, void, unknown> {
    const token = yield readVariable(context, "csrf_token");
    if (typeof token !== "string") {
      throw new Error('{% csrf_token %} needs a request: render the template with render(request, "…")');
    }
    emitter.write(`<input type="hidden" name="csrfmiddlewaretoken" value="${token}">`);
  }
}
