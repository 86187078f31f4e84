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
import { setAutoescape } from "../filter.ts";
import { readBody } from "./body.ts";

/** `{% autoescape off %}` … `{% endautoescape %}`: variables within are written as they are. */
export class AutoescapeTag extends Tag {
  readonly #on: boolean;
  readonly #body: Template[];

  constructor(token: TagToken, remaining: TopLevelToken[], liquid: Liquid, parser: Parser) {
    super(token, remaining, liquid);
    const mode = token.args.trim();
    if (mode !== "on" && mode !== "off") throw new Error("write {% autoescape on %} or {% autoescape off %}");
    this.#on = mode === "on";
    this.#body = readBody(token, remaining, parser);
  }

  override *render(context: Context, emitter: Emitter): Generator<unknown, void, unknown> {
    const former = setAutoescape(context, this.#on);
    yield this.liquid.renderer.renderTemplates(this.#body, context, emitter);
    setAutoescape(context, former);
  }
}
