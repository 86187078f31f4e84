import {
  type Context,
  type Emitter,
  type Liquid,
  type Parser,
  Tag,
  type TagToken,
  type Template,
  type TopLevelToken,
} from "liquidjs";
import { readArguments, type TagArguments } from "../arguments.ts";

/** Evaluates `name=value` pairs, in order. */
export function* renderNamed(
  args: TagArguments,
  context: Context,
): Generator<unknown, Record<string, unknown>, unknown> {
  const values: Record<string, unknown> = Object.create(null);
  for (const [name, value] of args.named) values[name] = yield value.value(context, true);
  return values;
}

/** `{% with total=items|length %}` … `{% endwith %}`. */
export class WithTag extends Tag {
  readonly #args: TagArguments;
  readonly #body: Template[] = [];

  constructor(token: TagToken, remaining: TopLevelToken[], liquid: Liquid, parser: Parser) {
    super(token, remaining, liquid);
    this.#args = readArguments(token.args, liquid);
    if (this.#args.named.size === 0 || this.#args.positional.length > 0) throw new Error("write {% with name=value %}");
    let closed = false;
    const stream = parser.parseStream(remaining);
    stream
      .on("tag:endwith", () => {
        closed = true;
        stream.stop();
      })
      .on("template", (template: Template) => this.#body.push(template))
      .start();
    if (!closed) throw new Error(`{% with ${token.args} %} is not closed by {% endwith %}`);
  }

  override *render(context: Context, emitter: Emitter): Generator<unknown, void, unknown> {
    context.push((yield renderNamed(this.#args, context)) as object);
    yield this.liquid.renderer.renderTemplates(this.#body, context, emitter);
    context.pop();
  }
}
