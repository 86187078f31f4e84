import { atomic } from "../../src/transaction.ts";

const UNDONE = Symbol("undone");

/** Does it, and takes back what it wrote. */
export async function undone<T>(work: () => Promise<T>, using = "default"): Promise<T> {
  let found: T | undefined;
  const write = async () => {
    found = await work();
    throw UNDONE;
  };
  await atomic(write, { using }).catch((error: unknown) => {
    if (error !== UNDONE) throw error;
  });
  return found as T;
}
