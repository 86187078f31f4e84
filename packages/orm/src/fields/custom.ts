import type { Storage } from "../backends/base/operations.ts";
import type { CommonOptions, Field } from "./field.ts";
import type { FieldOptions, FieldWith, Kind } from "./field.types.ts";

/** How lookups see the values of each storage. */
interface KindOf extends Record<Storage, Kind> {
  readonly text: "text";
  readonly integer: "number";
  readonly real: "number";
  readonly bigint: "bigint";
  readonly boolean: "boolean";
  readonly decimal: "decimal";
  readonly dateTime: "date";
  readonly date: "day";
  readonly time: "time";
  readonly duration: "duration";
  readonly json: "json";
  readonly uuid: "uuid";
  readonly binary: "binary";
  readonly array: "array";
  readonly searchVector: "searchVector";
  readonly searchQuery: "searchQuery";
}

type FieldClass = new (options: never) => Field;
type StorageOf<C> = C extends abstract new (
  ...args: never
) => { readonly storage: infer S extends Storage }
  ? S
  : never;

/**
 * Makes a function for a field class of one's own, to use in models as `fields.char` and the others are: V is the type of
 * its values, Extra the options that it takes beside the common ones. The class extends a built-in one and says in
 * `normalize` and `restore` how its values stand in that one's column; migrations write the built-in one.
 * Source: https://docs.djangoproject.com/en/5.2/howto/custom-model-fields/
 * @example
 * class PointField extends CharField {
 *   protected override normalize(value: unknown): string {
 *     if (!(value instanceof Point)) throw this.refuse(value, "a Point");
 *     return super.normalize(`${value.x},${value.y}`);
 *   }
 *   protected override restore(value: unknown): Point {
 *     return Point.parse(String(value));
 *   }
 * }
 * const point = customField<Point>()(PointField);
 */
export function customField<V, Extra extends object = {}>(): <C extends FieldClass>(
  fieldClass: C,
) => <const O extends FieldOptions<V> & Extra>(
  ...options: {} extends Extra ? [options?: O] : [options: O]
) => FieldWith<V, O, KindOf[StorageOf<C>]> {
  return (fieldClass) => {
    const Class = fieldClass as unknown as new (options: CommonOptions) => Field;
    return ((options: CommonOptions = {}) => new Class(options)) as never;
  };
}
