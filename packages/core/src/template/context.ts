import { Context, Drop } from "liquidjs";
import { chainOf, setChain } from "./depth.ts";
import { drive, whenThere } from "./drive.ts";
import type { Escaping } from "./filter.ts";
import { SafeString } from "./safe-string.ts";
import { type Settled, settle } from "./settle.ts";

/** Names that lead out of the data. */
const REFUSED: ReadonlySet<string> = new Set(["constructor", "prototype"]);

/** A rendering's variables: getters are read, methods never called, promises awaited, iterators drained. */
export class TemplateContext extends Context implements Escaping {
  autoescape = true;
  readonly #settled: Settled;

  constructor(...[scope, options, renderOptions, more, settled]: [...Parameters4, settled?: Settled]) {
    super(scope, options, renderOptions, more);
    this.#settled = settled ?? new WeakMap();
  }

  override readProperty(from: unknown, name: unknown): unknown {
    if (from instanceof Drop) return readDrop(from, name);
    return settle(readValue(from, name), this.#settled);
  }

  override spawn(scope: object = {}): TemplateContext {
    const { opts, sync, globals, strictVariables, ownPropertyOnly, renderLimit, memoryLimit, liquid } = this;
    const options = { sync, globals, strictVariables, ownPropertyOnly };
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
  if (from === undefined || from === null) return undefined;
  if (typeof from === "string" || from instanceof SafeString) return readText(String(from), name);
  if (typeof from !== "object") return undefined;
  if (Array.isArray(from)) return readArray(from, name);
  if (from instanceof Map)
    return from.has(name) || name !== "size" ? (from.get(name) ?? viewOf(from, name)) : from.size;
  const key = typeof name === "number" ? String(name) : name;
  if (typeof key !== "string" || key.startsWith("_") || REFUSED.has(key)) return undefined;
  const value: unknown = Reflect.get(from, key);
  if (value === undefined && Object.getPrototypeOf(from) === Object.prototype) return viewOf(from, key);
  return typeof value === "function" ? undefined : value;
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
  if (name === "length" || name === "size") return items.length;
  if (name === "first") return items[0];
  if (name === "last") return items.at(-1);
  const index = typeof name === "number" ? name : typeof name === "string" && /^-?\d+$/.test(name) ? Number(name) : NaN;
  const value = Number.isInteger(index) ? items.at(index) : undefined;
  return typeof value === "function" ? undefined : value;
}
