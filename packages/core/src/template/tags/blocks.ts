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
import { compileValue, type TagValue } from "../arguments.ts";
import { toText } from "../output.ts";
import { SafeString } from "../safe-string.ts";
import { readBody } from "./body.ts";

/** A tag that changes what stands within it. */
abstract class TextTag extends Tag {
  protected readonly body: Template[];

  constructor(token: TagToken, remaining: TopLevelToken[], liquid: Liquid, parser: Parser) {
    super(token, remaining, liquid);
    this.body = readBody(token, remaining, parser);
  }

  abstract change(html: string, context: Context): unknown;

  override *render(context: Context, emitter: Emitter): Generator<unknown, void, unknown> {
    const html = yield this.liquid.renderer.renderTemplates(this.body, context);
    emitter.write(toText(yield this.change(String(html), context)));
  }
}

/** `{% filter lower %}` … `{% endfilter %}`: filters over a part of the page. */
export class FilterTag extends TextTag {
  readonly #value: TagValue;

  constructor(token: TagToken, remaining: TopLevelToken[], liquid: Liquid, parser: Parser) {
    super(token, remaining, liquid, parser);
    if (/(^|\|)\s*(escape|safe)\b/.test(token.args)) {
      throw new Error("{% filter %} cannot take escape or safe: write {% autoescape on %} or {% autoescape off %}");
    }
    this.#value = compileValue(`filtered|${token.args}`, liquid);
  }

  *change(html: string, context: Context): Generator<unknown, unknown, unknown> {
    context.push({ filtered: new SafeString(html) });
    const value = yield this.#value.value(context);
    context.pop();
    return value;
  }
}

/** `{% spaceless %}` … `{% endspaceless %}`: no blanks between tags. */
export class SpacelessTag extends TextTag {
  change(html: string): string {
    return html.trim().replace(/>\s+</g, "><");
  }
}
