import { startPostgres } from "../../packages/orm/tests/support/postgres.ts";
import { compare } from "../harness.ts";
import { address, CASES, type CaseName } from "./cases.ts";
import { SERVER, type Vendor } from "./database.ts";

/** `node orm/run.ts [--rounds=n] [--scale=0.1] [--only=tsjango,drizzle] [--books=1000000] [sqlite|postgres] [get related …]` */
const LIBRARIES: Readonly<Record<string, string>> = {
  bare: "bare.ts",
  tsjango: "tsjango.ts",
  drizzle: "drizzle.ts",
  "drizzle prepared": "drizzle-prepared.ts",
  kysely: "kysely.ts",
  prisma: "prisma.ts",
  typeorm: "typeorm.ts",
  mikroorm: "mikro-orm.ts",
};
/** What has no way to do it. */
const WITHOUT: Partial<Record<CaseName, readonly string[]>> = {
  stream: ["drizzle", "drizzle prepared", "prisma", "typeorm", "mikroorm"],
  insert: ["drizzle prepared"],
};

const words = process.argv.slice(2);
const option = (name: string) => words.find((word) => word.startsWith(`--${name}=`))?.slice(name.length + 3);
const named = words.filter((word) => !word.startsWith("--"));
const only = option("only")?.split(",");
const books = option("books") === undefined ? undefined : Number(option("books"));
const vendors = (["sqlite", "postgres"] as const).filter(
  (vendor) => named.includes(vendor) || !named.some((word) => word === "sqlite" || word === "postgres"),
);
const chosen = named.filter((word): word is CaseName => word in CASES);
const cases = chosen.length > 0 ? chosen : (Object.keys(CASES) as CaseName[]);

async function run(vendor: Vendor): Promise<void> {
  for (const name of cases) {
    const libraries = Object.entries(LIBRARIES).filter(
      ([library]) => !WITHOUT[name]?.includes(library) && (library === "bare" || (only?.includes(library) ?? true)),
    );
    const { title, count } = CASES[name];
    await compare({
      title: `${title}${books === undefined ? "" : ` of ${books}`}, ${vendor === "sqlite" ? "SQLite" : "PostgreSQL"}`,
      count: Math.max(1, Math.round(count * Number(option("scale") ?? 1))),
      rounds: Number(option("rounds") ?? 9),
      contenders: Object.fromEntries(libraries.map(([library, file]) => [library, address(file, vendor, name, books)])),
    });
  }
}

for (const vendor of vendors) {
  if (vendor === "sqlite") {
    await run(vendor);
    continue;
  }
  const server = await startPostgres();
  process.env[SERVER] = server.url;
  try {
    await run(vendor);
  } finally {
    await server.stop();
  }
}
