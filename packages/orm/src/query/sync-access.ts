/** The method of a query set that gives its rows at once, or throws. */
export const ROWS_NOW: unique symbol = Symbol("rows now");

interface HasRows {
  [ROWS_NOW](verb: string): readonly unknown[];
}

/**
 * What plain JavaScript takes a query set for: a list. None of it is in the types. Without it `rows.length` would be
 * undefined, and `JSON.stringify(rows)` an empty object, and nobody would be told.
 */
export function installSyncAccess(prototype: HasRows): void {
  const define = (name: string | number, descriptor: PropertyDescriptor & ThisType<HasRows>) =>
    Object.defineProperty(prototype, name, { configurable: true, enumerable: false, ...descriptor });
  define("length", {
    get() {
      return this[ROWS_NOW]("take the length of").length;
    },
  });
  define(0, {
    get() {
      return this[ROWS_NOW]("index")[0];
    },
  });
  define("toJSON", {
    writable: true,
    value() {
      return this[ROWS_NOW]("serialize");
    },
  });
  define("toString", {
    writable: true,
    value() {
      return this[ROWS_NOW]("print").join(", ");
    },
  });
  for (const method of ["at", "map", "forEach", "find", "some", "every", "reduce", "includes"] as const) {
    define(method, {
      writable: true,
      value(...args: unknown[]) {
        const rows = this[ROWS_NOW](`call ${method}() on`) as unknown as Record<
          string,
          (...args: unknown[]) => unknown
        >;
        return rows[method]?.(...args);
      },
    });
  }
}
