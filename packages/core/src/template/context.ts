import { logger } from "@tsjango/kernel/logging";
import { isTemplateMethod } from "@tsjango/kernel/utils";
import { Context, Drop } from "liquidjs";
import { isThenable } from "../utils/is-thenable.ts";
import { chainOf, setChain } from "./depth.ts";
import { drive, whenThere } from "./drive.ts";
import type { Escaping } from "./filter.ts";
import { SafeString } from "./safe-string.ts";
import { needsSettling, type Settled, settle } from "./settle.ts";

const log = logger("tsjango.template");

/** The methods that were told of: each once, not with each request. */
const told = new Set<string>();

/** Names that lead out of the data. */
const REFUSED: ReadonlySet<string> = new Set(["constructor", "prototype"]);

/**
 * A rendering's variables: getters are read, of methods only those called that change nothing, promises awaited, iterators
 * drained.
 */
export class TemplateContext extends Context implements Escaping {
  autoescape = true;
  readonly #settled: Settled;

  constructor(...[scope, options, renderOptions, more, settled]: [...Parameters4, settled?: Settled]) {
    super(scope, options, renderOptions, more);
    this.#settled = settled ?? new WeakMap();
  }

  override readProperty(from: unknown, name: unknown): unknown {
    return this.readPath(from, [name]);
  }

  /** What a path of names leads to; a promise where something on it must be waited for. */
  readPath(start: unknown, path: readonly unknown[], from = 0): unknown {
    let value = start;
    for (let at = from; at < path.length; at++) {
      if (value instanceof Drop) value = readDrop(value, path[at]);
      else {
        value = readValue(value, path[at]);
        // What is asked of a query set needs not load its rows, unless they are there.
        while (needsSettling(value) && !this.#settled.has(value)) {
          const method = methodOf(value, path[at + 1]);
          if (method === undefined) break;
          at++;
          value = path[at] === "all" ? value : method.call(value);
        }
        value = settle(value, this.#settled);
      }
      if (isThenable(value) && at + 1 < path.length) return this.#readPathLater(value, path, at + 1);
    }
    return value;
  }

  // What makes a closure allocates for it at each call, used or not.
  #readPathLater(value: PromiseLike<unknown>, path: readonly unknown[], from: number): PromiseLike<unknown> {
    return value.then((there) => this.readPath(there, path, from));
  }

  override spawn(scope: object = {}): TemplateContext {
    const { opts, sync, strictVariables, ownPropertyOnly, renderLimit, memoryLimit, liquid } = this;
    // Without the request's variables: it sees what it was given.
    const options = { sync, globals: opts.globals, strictVariables, ownPropertyOnly };
    const spawned = new TemplateContext(scope, opts, options, { renderLimit, memoryLimit, liquid }, this.#settled);
    spawned.autoescape = this.autoescape;
    setChain(spawned, chainOf(this));
    return spawned;
  }
}

/** A variable of a rendering; a promise where it is one. */
export function readVariable(context: Context, name: string): unknown {
  return context.readProperty(context["findScope"](name), name);
}

type Parameters4 = ConstructorParameters<typeof Context>;

/** The engine's own objects: `{{ block.super }}` is HTML already. */
function readDrop(drop: Drop, name: unknown): unknown {
  const value: unknown = typeof name === "string" ? drop[name] : undefined;
  if (typeof value !== "function") return value;
  const safe = (html: unknown) => new SafeString(String(html));
  return whenThere(drive(value.call(drop)), safe);
}

function readValue(from: unknown, name: unknown): unknown {
  if (typeof from !== "object") return typeof from === "string" ? readText(from, name) : undefined;
  if (from === null) return undefined;
  if (from instanceof SafeString) return readText(from.toString(), name);
  if (Array.isArray(from)) return readArray(from, name);
  if (from instanceof Map)
    return from.has(name) || name !== "size" ? (from.get(name) ?? viewOf(from, name)) : from.size;
  const key = typeof name === "number" ? String(name) : name;
  if (typeof key !== "string" || key.startsWith("_") || REFUSED.has(key)) return undefined;
  const value: unknown = Reflect.get(from, key);
  if (value === undefined && Object.getPrototypeOf(from) === Object.prototype) return viewOf(from, key);
  return typeof value === "function" ? callMethod(from, key, value) : value;
}

/** Methods of this name are called without being marked: `redirect(book)` calls it, too. */
const ADDRESS = "getAbsoluteUrl";

function callMethod(from: object, name: string, method: unknown): unknown {
  if (isTemplateMethod(method) || name === ADDRESS) return (method as () => unknown).call(from);
  const what = `${from.constructor?.name || "Object"}.${name}`;
  if (!told.has(what)) {
    told.add(what);
    log.warn(
      `A template reads ${what}, which is a method: it is not called, and gives nothing. Write a getter, or mark a method ` +
        "that changes nothing with templateMethod().",
    );
  }
  return undefined;
}

/** A method of a query set or manager; an unloaded relation would refuse to be looked into. */
function methodOf(value: object, name: unknown): (() => unknown) | undefined {
  if (typeof name !== "string" || !(Symbol.asyncIterator in value)) return undefined;
  const method: unknown = Reflect.get(value, name);
  return isTemplateMethod(method) ? method : undefined;
}

/** Django's `items`, `keys` and `values` of a mapping that has none of its own. */
function viewOf(from: object, name: unknown): unknown {
  if (name !== "items" && name !== "keys" && name !== "values") return undefined;
  const entries = from instanceof Map ? [...from] : Object.entries(from);
  return name === "items" ? entries : entries.map(([key, value]) => (name === "keys" ? key : value));
}

function readText(text: string, name: unknown): unknown {
  if (name === "length" || name === "size") return text.length;
  const index = typeof name === "number" ? name : typeof name === "string" && /^\d+$/.test(name) ? Number(name) : NaN;
  return Number.isInteger(index) ? [...text].at(index) : undefined;
}

function readArray(items: readonly unknown[], name: unknown): unknown {
  switch (name) {
    case "length":
    case "size":
    case "count":
      return items.length;
    case "all":
      return items;
    case "exists":
      return items.length > 0;
    case "first":
      return items[0];
    case "last":
      return items.at(-1);
  }
  const index = typeof name === "number" ? name : typeof name === "string" && /^-?\d+$/.test(name) ? Number(name) : NaN;
  const value = Number.isInteger(index) ? items.at(index) : undefined;
  return typeof value === "function" ? undefined : value;
}
