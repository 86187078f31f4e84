import { type Context, type Emitter, type Liquid, Tag, type TagToken, type TopLevelToken } from "liquidjs";
import { MultiValueDict } from "../../http/multi-value-dict.ts";
import { QueryDict } from "../../http/query-dict.ts";
import { HttpRequest } from "../../http/request.ts";
import { readArguments, type TagArguments } from "../arguments.ts";
import { readVariable } from "../context.ts";
import { toText, written } from "../output.ts";
import { setVariable } from "./state.ts";
import { renderNamed } from "./with.ts";

/** Names and values of a mapping, a QueryDict among them. */
function listsOf(source: unknown): Iterable<readonly [string, unknown]> {
  if (source instanceof MultiValueDict) return source.lists();
  if (source instanceof Map) return source as Map<string, unknown>;
  if (typeof source === "object" && source !== null) return Object.entries(source);
  throw new Error(`{% querystring %} takes mappings and name=value; found ${toText(source) || "nothing"}`);
}

/** A value, or the values of a list, as texts; none for null, which takes a name away. */
function textsOf(value: unknown): string[] {
  const values: readonly unknown[] = Array.isArray(value) ? value : [value];
  return values.filter((one) => one !== null && one !== undefined).map(toText);
}

/** `{% querystring page=2 sort=None %}`: the request's query with some values other, after "?"; empty where none is left. */
export class QueryStringTag extends Tag {
  readonly #args: TagArguments;

  constructor(token: TagToken, remaining: TopLevelToken[], liquid: Liquid) {
    super(token, remaining, liquid);
    this.#args = readArguments(token.args, liquid);
  }

  override *render(context: Context, emitter: Emitter): Generator<unknown, void, unknown> {
    const sources: unknown[] = [];
    for (const argument of this.#args.positional) sources.push(yield argument.value(context));
    if (sources.length === 0) {
      const request = yield readVariable(context, "request");
      if (!(request instanceof HttpRequest)) {
        throw new Error('{% querystring %} needs a request: render the template with render(request, "…")');
      }
      sources.push(request.query);
    }
    const named = yield renderNamed(this.#args, context);
    const query = new QueryDict();
    for (const source of [...sources, named]) {
      for (const [name, value] of listsOf(source)) {
        const texts = textsOf(value);
        if (texts.length === 0) query.delete(name);
        else query.set(name, texts);
      }
    }
    const text = query.size === 0 ? "" : `?${query}`;
    if (this.#args.target === undefined) emitter.write(written(text, context));
    else setVariable(context, this.#args.target, text);
  }
}
