/** Variables by name; unlike those of `{}`, a name is in it only where it was given. */
export interface Scope extends Record<string, unknown> {}

// A constructor in place of `Object.create(null)`: V8 keeps the objects of one constructor as fast as a class's.
function NamedValues(): void {}
NamedValues.prototype = Object.create(null);

/** A scope with the variables of others, later ones over earlier. */
export function makeScope(...variables: readonly (object | undefined)[]): Scope {
  const scope: Scope = new (NamedValues as unknown as new () => Scope)();
  return variables.length === 0 ? scope : Object.assign(scope, ...variables);
}
