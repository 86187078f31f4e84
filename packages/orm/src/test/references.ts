import { connections } from "../connections.ts";
import { IntegrityError } from "../exceptions.ts";
import { currentBlock } from "../transaction/block.ts";
import { onStatement } from "../transaction.ts";

/**
 * Runs a test in its transaction and throws where rows that it wrote refer to none: the database would refuse that at the
 * commit, which never comes. Source: `TestCase._fixture_teardown`.
 */
export async function withReferences(run: () => Promise<void>): Promise<void> {
  const written = new Set<string>();
  const stop = onStatement(({ alias, sql }) => {
    if (!/^select\b/i.test(sql)) written.add(alias);
  });
  try {
    await run();
  } finally {
    stop();
  }
  for (const alias of connections.aliases()) if (written.has(alias)) await checkReferences(alias);
}

async function checkReferences(alias: string): Promise<void> {
  const block = currentBlock(alias);
  // What is spoiled or given up could not be committed anyway.
  if (block === undefined || block.failure !== undefined || block.rollback) return;
  try {
    await block.backend.operations.checkReferences(block.connection);
  } catch (cause) {
    if (!(cause instanceof IntegrityError)) throw cause;
    throw new IntegrityError(
      `The test left rows that could not be committed to "${alias}". ${cause.message} ` +
        "Make the rows that they refer to, or take out those that refer.",
      { cause },
    );
  }
}
