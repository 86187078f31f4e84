/** Where a model class keeps its `Options` once it is prepared. */
export const OPTIONS: unique symbol = Symbol("tsjango.options");

/** Where an instance keeps what the ORM knows of it: database, relations, the rows it was loaded with. */
export const STATE: unique symbol = Symbol("tsjango.state");

/** The default database's alias. */
export const DEFAULT_ALIAS = "default";

/** Separates the parts of a path: `author__name__icontains`. */
export const SEPARATOR = "__";
