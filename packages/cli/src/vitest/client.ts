import { getAsgiApplication } from "@tsjango/core/application";
import { Client } from "@tsjango/core/test";
import { settings } from "@tsjango/kernel/conf";

/**
 * A browser without a window, for the project under test: `await client.get("/books/")`. It keeps cookies from request
 * to request; a test that wants none of another's makes its own with `newClient()`.
 */
export const client: Client = newClient();

/** Another client of the project under test, without cookies. */
export function newClient(options?: ConstructorParameters<typeof Client>[1]): Client {
  return new Client({ load: () => getAsgiApplication(settings) }, options);
}
