/** Names that an instance has for itself, or that would change what it is: one with a `then` is awaited. */
export const RESERVED_NAMES = [
  "then",
  "pk",
  "save",
  "delete",
  "refreshFromDb",
  "constructor",
  "objects",
  "fields",
  "meta",
  "toJSON",
  "__proto__",
] as const;

/** Whether a field may not have this name. `__` separates the parts of a path. */
export function isReserved(name: string): boolean {
  return (
    (RESERVED_NAMES as readonly string[]).includes(name) ||
    name.includes("__") ||
    !/^[a-zA-Z]\w*$/.test(name) ||
    name.endsWith("_")
  );
}
