import {
  type Context,
  type Emitter,
  type Liquid,
  type Parser,
  Tag,
  type TagToken,
  type Template,
  type TopLevelToken,
  type Value,
} from "liquidjs";
import { compileValue } from "../arguments.ts";

const HEAD = /^([A-Za-z_]\w*(?:\s*,\s*[A-Za-z_]\w*)*)\s+in\s+(.+?)(\s+reversed)?\s*$/s;

/** `{% for x in xs %}` … `{% empty %}` … `{% endfor %}`; also `{% for key, value in map %}` and `reversed`. */
export class ForTag extends Tag {
  readonly #names: readonly string[];
  readonly #items: Value;
  readonly #reversed: boolean;
  readonly #body: Template[] = [];
  readonly #empty: Template[] = [];

  constructor(token: TagToken, remaining: TopLevelToken[], liquid: Liquid, parser: Parser) {
    super(token, remaining, liquid);
    const head = HEAD.exec(token.args);
    if (head === null) throw new Error(`write {% for x in xs %}; found {% for ${token.args} %}`);
    this.#names = (head[1] as string).split(/\s*,\s*/);
    this.#items = compileValue(head[2] as string, liquid);
    this.#reversed = head[3] !== undefined;
    let current = this.#body;
    let closed = false;
    const stream = parser.parseStream(remaining);
    const otherwise = () => {
      current = this.#empty;
    };
    stream
      .on("tag:empty", otherwise)
      .on("tag:else", otherwise)
      .on("tag:endfor", () => {
        closed = true;
        stream.stop();
      })
      .on("template", (template: Template) => current.push(template))
      .start();
    if (!closed) throw new Error(`{% for ${token.args} %} is not closed by {% endfor %}`);
  }

  override *render(context: Context, emitter: Emitter): Generator<unknown, void, unknown> {
    const { renderer } = this.liquid;
    const items = toItems(yield this.#items.value(context, true));
    if (this.#reversed) items.reverse();
    if (items.length === 0) {
      yield renderer.renderTemplates(this.#empty, context, emitter);
      return;
    }
    const parentloop = yield context._get(["forloop"]);
    const scope: Record<string, unknown> = Object.create(null);
    context.push(scope);
    for (const [index, item] of items.entries()) {
      scope["forloop"] = loopState(index, items.length, parentloop);
      this.#assign(scope, item);
      context.continueCalled = context.breakCalled = false;
      yield renderer.renderTemplates(this.#body, context, emitter);
      if (context.breakCalled) break;
    }
    context.continueCalled = context.breakCalled = false;
    context.pop();
  }

  #assign(scope: Record<string, unknown>, item: unknown): void {
    const [first, ...others] = this.#names;
    if (others.length === 0) {
      scope[first as string] = item;
      return;
    }
    const parts: unknown[] = Array.isArray(item) ? item : [];
    if (parts.length !== this.#names.length) {
      throw new Error(`{% for ${this.#names.join(", ")} in … %} needs lists of ${this.#names.length} values`);
    }
    for (const [index, name] of this.#names.entries()) scope[name] = parts[index];
  }
}

function toItems(value: unknown): unknown[] {
  if (value === undefined || value === null) return [];
  if (typeof value === "object" && Symbol.iterator in value) return [...(value as Iterable<unknown>)];
  if (typeof value === "object") return Object.entries(value);
  return typeof value === "string" ? [...value] : [];
}

function loopState(index: number, length: number, parentloop: unknown): object {
  return {
    counter: index + 1,
    counter0: index,
    revcounter: length - index,
    revcounter0: length - index - 1,
    first: index === 0,
    last: index === length - 1,
    length,
    parentloop,
  };
}
