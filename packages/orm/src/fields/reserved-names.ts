/** Names that an instance has for itself, or that would change what it is: one with a `then` is awaited. */
export const RESERVED_NAMES = [
  "then",
  "pk",
  "save",
  "delete",
  "refreshFromDb",
  "equals",
  "fullClean",
  "cleanFields",
  "clean",
  "validateUnique",
  "validateConstraints",
  "constructor",
  "objects",
  "fields",
  "meta",
  "toJSON",
  "__proto__",
] as const;

/** What is wrong with a field's name, if anything. `__` separates the parts of a path. */
export function nameProblem(name: string): { readonly id: string; readonly message: string } | undefined {
  const shown = `"${name}" cannot be a field's name:`;
  if (name.endsWith("_")) return { id: "fields.E001", message: `${shown} it ends with an underscore.` };
  if (name.includes("__"))
    return { id: "fields.E002", message: `${shown} it contains "__", which separates the parts of a path.` };
  if (name === "pk") return { id: "fields.E003", message: `${shown} it stands for the primary key.` };
  if ((RESERVED_NAMES as readonly string[]).includes(name)) {
    return { id: "fields.E900", message: `${shown} models use it themselves.` };
  }
  if (/^[a-zA-Z]\w*$/.test(name)) return undefined;
  return { id: "fields.E900", message: `${shown} names are letters, digits and underscores, beginning with a letter.` };
}
