import { type Context, type Emitter, type Liquid, Tag, type TagToken, type TopLevelToken } from "liquidjs";
import { NoReverseMatch } from "../../exceptions.ts";
import { HttpRequest } from "../../http/request.ts";
import { currentRequest } from "../../http/request-context.ts";
import { getUrlResolver, reverseIn } from "../../urls/reverse.ts";
import { escapeHtml } from "../../utils/escape-html.ts";
import { readArguments, type TagArguments, type TagValue } from "../arguments.ts";
import { toText } from "../output.ts";
import { setVariable } from "./state.ts";
import { renderNamed } from "./with.ts";

/** `{% url "blog:article" year=2026 slug=post.slug %}`; with `as name`, a variable that is empty without a match. */
export class UrlTag extends Tag {
  readonly #args: TagArguments;
  readonly #name: TagValue;

  constructor(token: TagToken, remaining: TopLevelToken[], liquid: Liquid) {
    super(token, remaining, liquid);
    this.#args = readArguments(token.args, liquid);
    const [name, ...others] = this.#args.positional;
    if (name === undefined || others.length > 0) throw new Error('write {% url "name" key=value %}');
    this.#name = name;
  }

  override *render(context: Context, emitter: Emitter): Generator<unknown, void, unknown> {
    const name = toText(yield this.#name.value(context));
    const params = (yield renderNamed(this.#args, context)) as Record<string, unknown>;
    const { target } = this.#args;
    const request = yield context._get(["request"]);
    const match = request instanceof HttpRequest ? request.resolverMatch : currentRequest()?.resolverMatch;
    const options = { currentApp: match?.namespaces.join(":") };
    if (target === undefined) {
      emitter.write(escapeHtml(reverseIn(getUrlResolver(), name, params, options)));
      return;
    }
    try {
      setVariable(context, target, reverseIn(getUrlResolver(), name, params, options));
    } catch (error) {
      if (!(error instanceof NoReverseMatch)) throw error;
      setVariable(context, target, "");
    }
  }
}
