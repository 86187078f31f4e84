import { ModelError } from "../exceptions.ts";
import { ModelBase } from "./base.ts";

/** What a class of the factory says of itself, by a symbol that only its direct heirs are looked through for. */
export const SHAPE: unique symbol = Symbol("tsjango.shape");

/** The fields and relations as written; relations still in their thunks. */
export type ShapeInput = Readonly<Record<string, unknown>>;

/** What `Model<Book>()({…})` keeps for the time when models are prepared. */
export interface ShapeInfo {
  readonly kind: "concrete" | "abstract";
  readonly shape: ShapeInput;
  /** The abstract models it extends, in their order. */
  readonly bases: readonly Class[];
}

type Class = new (...args: never[]) => object;

/** The class that a model extends: its shape, and the methods of its abstract bases. */
export function modelClass(shape: ShapeInput, bases: readonly Class[] = []): unknown {
  for (const base of bases) refuseConcrete(base);
  const Base = class extends ModelBase {};
  const info: ShapeInfo = { kind: "concrete", shape: { ...mergedShapes(bases), ...shape }, bases };
  Object.defineProperty(Base, SHAPE, { value: info });
  Object.defineProperty(Base, "fields", { value: info.shape, configurable: true });
  for (const base of bases) copyMembers(Base, base);
  return Base;
}

/** The class that an abstract model extends: it has no table and makes no instances. */
export function abstractClass(shape: ShapeInput): unknown {
  const Base = class {};
  const info: ShapeInfo = { kind: "abstract", shape, bases: [] };
  Object.defineProperty(Base, SHAPE, { value: info });
  Object.defineProperty(Base, "fields", { value: shape, configurable: true });
  return Base;
}

/** What the factory noted for a class or for what it extends. */
export function shapeOf(model: object): ShapeInfo | undefined {
  return (model as { [SHAPE]?: ShapeInfo })[SHAPE];
}

function refuseConcrete(base: Class): void {
  const kind = shapeOf(base)?.kind;
  if (kind === "abstract") return;
  throw new ModelError(
    kind === undefined
      ? `extends() takes abstract models, and ${base.name} is no model. Make it with Model.abstract({ … }).`
      : `extends() takes abstract models, and ${base.name} has a table of its own. For the same table with other methods ` +
          `write class Special extends ${base.name} {}; for more columns relate the two: a oneToOne with primaryKey: true.`,
  );
}

/** Fields of abstract models: the nearest wins, as with classes. */
function mergedShapes(bases: readonly Class[]): ShapeInput {
  return Object.assign({}, ...bases.map((base) => shapeOf(base)?.shape ?? {}));
}

/** Getters and methods of an abstract model and of what it extends, nearest last. */
function copyMembers(target: Class, base: Class): void {
  const chain: object[] = [];
  for (
    let each: object | null = base.prototype;
    each && each !== Object.prototype;
    each = Object.getPrototypeOf(each)
  ) {
    chain.unshift(each);
  }
  for (const prototype of chain) {
    const { constructor: _constructor, ...members } = Object.getOwnPropertyDescriptors(prototype);
    Object.defineProperties(target.prototype, members);
  }
}
