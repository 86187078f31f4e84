import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { install } from "./install.mjs";
import { localEnv, localNode, root } from "./node.mjs";

/**
 * `npm run oracle`: the random queries of packages/orm/tests/oracle, 10,000 of relations, 10,000 of expressions and 10,000
 * lists of writes on each database, and 10,000 of arrays on PostgreSQL. `npm run oracle -- 500 7` asks 500, from seed 7;
 * `npm run oracle -- 500 7 expressions` only one kind.
 */
const [cases = "10000", seed = String(Date.now() % 1_000_000_000), kind] = process.argv.slice(2);

install();
const node = localNode();
const env = { ...localEnv(node), TSJANGO_ORACLE_CASES: cases, TSJANGO_ORACLE_SEED: seed };
const files = ["oracle", "expressions", "writes", "arrays"].filter((name) => kind === undefined || kind === name);
const tests = files.map((name) => `packages/orm/tests/oracle/${name}.test.ts`);
const args = [join(root, "node_modules", "vitest", "vitest.mjs"), "run", ...tests];
console.log(`${cases} queries of ${files.join(" and of ")} on each database, from seed ${seed}`);
process.exitCode = spawnSync(node, args, { cwd: root, env, stdio: "inherit" }).status ?? 1;
