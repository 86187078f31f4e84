import { atomic, onCommit } from "@tsjango/orm";
import { alone } from "./support/alone.ts";
import { DatabaseSite, Entry } from "./support/database-site.ts";
import { PostgresServer } from "./support/postgres-server.ts";
import { within, withSqliteFile } from "./support/resource.ts";
import { expectThat, type Measured } from "./support/scenario.ts";

/** One block: it writes, runs the blocks inside of it, and may throw; who called it may catch that. */
interface Plan {
  readonly key: string;
  readonly inner: readonly Plan[];
  readonly throws: boolean;
  readonly caught: boolean;
  readonly durable: boolean;
}

/** Random nestings of blocks that write, throw, catch and are durable, against what a list of names would do. */
export default async function nestedBlocks(form: "long" | "short"): Promise<Measured> {
  const cases = form === "long" ? 2000 : 60;
  const both = async () => {
    for (let number = 0; number < cases; number++) await check(plan(1));
  };
  await withSqliteFile((url) => within(DatabaseSite.make(url), both));
  await within(PostgresServer.start(), (server) => within(DatabaseSite.make(server.url), both));
  return { figure: `${cases} nestings on each database as the model says, with their callbacks of onCommit` };
}

function plan(depth: number): Plan {
  const chance = (share: number) => Math.random() < share;
  const inner = depth > 3 ? [] : Array.from({ length: Math.floor(Math.random() * 3) }, () => plan(depth + 1));
  return { key: crypto.randomUUID(), inner, throws: chance(0.3), caught: chance(0.7), durable: chance(0.08) };
}

async function check(root: Plan): Promise<void> {
  await Entry.objects.all().delete();
  const told: string[] = [];
  await run(root, told).catch(() => undefined);
  const found = (await Entry.objects.valuesList("key", { flat: true })).sort();
  const expected = (model(root, true) ?? []).sort();
  const shown = () => JSON.stringify(root);
  expectThat(JSON.stringify(found) === JSON.stringify(expected), `rows ${found}, not ${expected}: ${shown()}`);
  expectThat(
    JSON.stringify(told.sort()) === JSON.stringify(expected),
    `callbacks ${told}, not ${expected}: ${shown()}`,
  );
}

async function run({ key, inner, throws, durable }: Plan, told: string[]): Promise<void> {
  await atomic(
    async () => {
      await Entry.objects.create({ key });
      await onCommit(() => void told.push(key));
      for (const each of inner) {
        const done = run(each, told);
        await (each.caught ? done.catch(() => undefined) : done);
      }
      if (throws) throw new Error(key);
    },
    { durable },
  );
}

/** The names that are left; undefined where the block throws. */
function model({ key, inner, throws, durable }: Plan, outermost: boolean): string[] | undefined {
  if (durable && !outermost) return undefined;
  const names = [key];
  for (const each of inner) {
    const more = model(each, false);
    if (more === undefined && !each.caught) return undefined;
    names.push(...(more ?? []));
  }
  return throws ? undefined : names;
}

await alone(import.meta.filename, nestedBlocks);
