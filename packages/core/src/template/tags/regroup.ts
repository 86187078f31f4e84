import { isDeepStrictEqual } from "node:util";
import { type Context, type Liquid, Tag, type TagToken, type TopLevelToken } from "liquidjs";
import { compileValue, type TagValue } from "../arguments.ts";
import { iterated } from "./for.ts";
import { setVariable } from "./state.ts";

/** Items in a row that are alike: `{{ group.grouper }}`, `{{ group.list }}`; in a loop also `grouper, list`. */
class Group {
  readonly grouper: unknown;
  readonly list: unknown[];

  constructor(grouper: unknown, first: unknown) {
    this.grouper = grouper;
    this.list = [first];
  }

  *[Symbol.iterator](): Generator<unknown, void, undefined> {
    yield this.grouper;
    yield this.list;
  }
}

/** `{% regroup people by city as cities %}`: neighbours of one city in a group; sort the list by it before. */
export class RegroupTag extends Tag {
  readonly #items: TagValue;
  readonly #by: TagValue;
  readonly #target: string;

  constructor(token: TagToken, remaining: TopLevelToken[], liquid: Liquid) {
    super(token, remaining, liquid);
    const match = /^(.+?)\s+by\s+(\S+)\s+as\s+(\w+)\s*$/s.exec(token.args);
    if (match === null) throw new Error("write {% regroup items by property as groups %}");
    const [, items = "", by = "", target = ""] = match;
    this.#items = compileValue(items, liquid);
    this.#by = compileValue(`regrouped.${by}`, liquid);
    this.#target = target;
  }

  override *render(context: Context): Generator<unknown, void, unknown> {
    const groups: Group[] = [];
    const scope: Record<string, unknown> = {};
    context.push(scope);
    for (const item of iterated(yield this.#items.value(context))) {
      scope["regrouped"] = item;
      const grouper = yield this.#by.value(context);
      const last = groups.at(-1);
      if (last !== undefined && isDeepStrictEqual(last.grouper, grouper)) last.list.push(item);
      else groups.push(new Group(grouper, item));
    }
    context.pop();
    setVariable(context, this.#target, groups);
  }
}
