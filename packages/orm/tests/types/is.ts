type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;

/** `is<T>()(value)` compiles where the value's type is exactly T. */
export function is<T>(): <U>(
  value: U,
  ...differs: Equal<T, U> extends true ? [] : [{ expected: T; found: U }]
) => void {
  return () => {};
}
