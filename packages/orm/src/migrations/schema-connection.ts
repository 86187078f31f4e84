import type { Backend } from "../backends/base/backend.ts";
import type { Connection } from "../backends/base/connection.ts";
import { schemaEditors } from "./vendors.ts";

/** Runs `body` on a connection on which tables may be changed; afterwards it is as others expect it. */
export async function onSchemaConnection<T>(
  backend: Backend,
  body: (connection: Connection) => Promise<T>,
): Promise<T> {
  const { around, restore } = schemaEditors[backend.vendor];
  const connection = await backend.connect();
  const run = async (statements: readonly string[]) => {
    for (const statement of statements) await connection.execute(statement);
  };
  const after = () => run([...around.after, ...restore]);
  try {
    await run(around.before);
    const result = await body(connection);
    await after();
    return result;
  } catch (error) {
    // The first error is the one to tell.
    await after().catch(() => connection.release(true));
    throw error;
  } finally {
    connection.release();
  }
}

/** Runs `body` between a begin of its own and a commit, or a rollback where it throws. */
export async function inTransaction<T>(
  connection: Connection,
  begin: () => Promise<void>,
  body: () => Promise<T>,
): Promise<T> {
  await begin();
  let result: T;
  try {
    result = await body();
  } catch (error) {
    // Where even that fails, the transaction ends with its connection, and the first error is the one to tell.
    await connection.rollback().catch(() => undefined);
    throw error;
  }
  await connection.commit();
  return result;
}
