import { ImproperlyConfigured } from "@tsjango/kernel/exceptions";
import { describeValue } from "@tsjango/kernel/utils";
import { templatesOf } from "./regex-template.ts";
import { type CompiledRoute, checkParameterName, type RouteMatch, type RouteParts } from "./route.ts";

/** A route that is a regular expression; its named groups are the parameters. */
export class RegexRoute implements CompiledRoute {
  readonly source: string;
  readonly verify = true;
  readonly literal = "";
  readonly exact = false;
  readonly #pattern: RegExp;
  #templates: readonly RouteParts[] | undefined;

  /** @throws ImproperlyConfigured for an expression that is not valid, or has groups without names. */
  constructor(route: string | RegExp) {
    if (typeof route !== "string" && !(route instanceof RegExp)) {
      throw new ImproperlyConfigured(
        `rePath() takes a regular expression or its source; found ${describeValue(route)}.`,
      );
    }
    this.source = typeof route === "string" ? route : route.source;
    const where = `The regular expression ${JSON.stringify(this.source)}`;
    if (/\(\?P[<=]/.test(this.source)) {
      throw new ImproperlyConfigured(`${where} names a group as Python does. Write (?<name>…) for (?P<name>…).`);
    }
    try {
      // "g" and "y" would make it remember where it stood.
      this.#pattern = new RegExp(this.source, typeof route === "string" ? "" : route.flags.replace(/[gy]/g, ""));
    } catch (cause) {
      throw new ImproperlyConfigured(`${where} is not valid: ${(cause as Error).message}`, { cause });
    }
    const empty = new RegExp(`${this.source}|`, this.#pattern.flags).exec("") as RegExpExecArray;
    const names = Object.keys(empty.groups ?? {});
    for (const name of names) checkParameterName(name, new Set(), where);
    if (empty.length - 1 > names.length) {
      throw new ImproperlyConfigured(`${where} has a group without a name. Write (?:…), or name it: (?<year>…).`);
    }
  }

  get templates(): readonly RouteParts[] {
    this.#templates ??= templatesOf(this.source, this.#pattern.flags);
    return this.#templates;
  }

  match(path: string, at: number): RouteMatch | undefined {
    const found = this.#pattern.exec(path.slice(at));
    if (found === null) return undefined;
    // Groups that took no part are left out.
    const entries = Object.entries(found.groups ?? {}).filter(([, text]) => text !== undefined);
    const params = entries.length === 0 ? undefined : Object.fromEntries(entries);
    return { end: at + found.index + found[0].length, params };
  }
}
