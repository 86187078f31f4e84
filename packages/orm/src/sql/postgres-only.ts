import { NotSupportedError } from "../exceptions.ts";
import type { Context } from "./context.ts";

/** Throws where the database is not the one that alone has it. */
export function requirePostgres({ backend }: Context, what: string): void {
  if (backend.features.postgresExtras) return;
  throw new NotSupportedError(`${what} is something that PostgreSQL alone has; this database is ${backend.vendor}.`);
}
