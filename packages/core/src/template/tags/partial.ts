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
import { readBody } from "./body.ts";

type Partials = Map<string, PartialDefTag>;

/** What a template defines, by the parser that reads it. */
const ofParser = new WeakMap<Parser, Partials>();
/** The same by file, for who names a part from outside. */
const ofFile = new WeakMap<Liquid, Map<string, Partials>>();

function partialsOf(parser: Parser): Partials {
  const partials = ofParser.get(parser) ?? new Map();
  ofParser.set(parser, partials);
  return partials;
}

/** The part that `{% partialdef name %}` of a file defines, once the file was parsed. */
export function findPartial(liquid: Liquid, file: string, name: string): Template[] | undefined {
  return ofFile.get(liquid)?.get(file)?.get(name)?.body;
}

/** `{% partialdef card %}` … `{% endpartialdef %}`: a part that `{% partial card %}` writes; `inline` writes it here, too. */
export class PartialDefTag extends Tag {
  readonly body: Template[];
  readonly #inline: boolean;

  constructor(token: TagToken, remaining: TopLevelToken[], liquid: Liquid, parser: Parser) {
    super(token, remaining, liquid);
    const [, name, inline] = /^([\w-]+)(\s+inline)?\s*$/.exec(token.args.trim()) ?? [];
    if (name === undefined) throw new Error("write {% partialdef name %} or {% partialdef name inline %}");
    this.#inline = inline !== undefined;
    this.body = readBody(token, remaining, parser);
    const partials = partialsOf(parser).set(name, this);
    if (token.file === undefined) return;
    const files = ofFile.get(liquid) ?? new Map<string, Partials>();
    ofFile.set(liquid, files.set(token.file, partials));
  }

  override *render(context: Context, emitter: Emitter): Generator<unknown, void, unknown> {
    if (this.#inline) yield this.liquid.renderer.renderTemplates(this.body, context, emitter);
  }
}

/** `{% partial card %}`. */
export class PartialTag extends Tag {
  readonly #known: Partials;

  constructor(token: TagToken, remaining: TopLevelToken[], liquid: Liquid, parser: Parser) {
    super(token, remaining, liquid);
    this.#known = partialsOf(parser);
  }

  override *render(context: Context, emitter: Emitter): Generator<unknown, void, unknown> {
    const name = this.token.args.trim();
    const partial = this.#known.get(name);
    if (partial === undefined) {
      const others = [...this.#known.keys()].join(", ") || "none";
      throw new Error(`there is no {% partialdef ${name} %} in this template; it defines ${others}`);
    }
    yield this.liquid.renderer.renderTemplates(partial.body, context, emitter);
  }
}
