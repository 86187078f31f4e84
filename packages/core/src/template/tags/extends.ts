import { type Context, type Emitter, LayoutTag } from "liquidjs";
import { enterTemplate, setChain } from "../depth.ts";

/** `{% extends "base.html" %}`. */
export class ExtendsTag extends LayoutTag {
  override *render(context: Context, emitter: Emitter): Generator<unknown, unknown, unknown> {
    const chain = enterTemplate(context, this.token.args.trim());
    yield super.render(context, emitter);
    setChain(context, chain);
    return undefined;
  }
}
