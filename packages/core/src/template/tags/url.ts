import { type Context, type Emitter, type Liquid, Tag, type TagToken, type TopLevelToken } from "liquidjs";
import { NoReverseMatch } from "../../exceptions.ts";
import { HttpRequest } from "../../http/request.ts";
import { currentRequest } from "../../http/request-context.ts";
import { getUrlResolver, reverseIn } from "../../urls/reverse.ts";
import { escapeHtml } from "../../utils/escape-html.ts";
import { readArguments, type TagArguments, type TagValue } from "../arguments.ts";
import { readVariable } from "../context.ts";
import { whenThere } from "../drive.ts";
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

  override render(context: Context, emitter: Emitter): unknown {
    return whenThere(this.#name.value(context), (name) =>
      whenThere(renderNamed(this.#args, context), (params) =>
        whenThere(readVariable(context, "request"), (request) => {
          const url = this.#reverse(toText(name), params as Record<string, unknown>, request);
          const { target } = this.#args;
          if (target === undefined) emitter.write(escapeHtml(url));
          else setVariable(context, target, url);
        }),
      ),
    );
  }

  #reverse(name: string, params: Record<string, unknown>, request: unknown): string {
    const match = request instanceof HttpRequest ? request.resolverMatch : currentRequest()?.resolverMatch;
    try {
      return reverseIn(getUrlResolver(), name, params, { currentApp: match?.namespaces.join(":") });
    } catch (error) {
      if (this.#args.target === undefined || !(error instanceof NoReverseMatch)) throw error;
      return "";
    }
  }
}
