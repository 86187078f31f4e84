import { expect, test } from "vitest";
import ormApp from "../../src/app.ts";
import { atomic } from "../../src/index.ts";
import { runStatement } from "../../src/transaction.ts";
import { Author } from "../support/models.ts";
import { describeDatabases, openProject } from "../support/project.ts";
import { use } from "../support/use.ts";

describeDatabases("watched statements", (vendor) => {
  test("are told before they are sent and when they have settled, with the time they took, also failed ones", async () => {
    use(await openProject(vendor));
    const seen: string[] = [];
    const times: number[] = [];
    const stop = ormApp.watchStatements?.({
      started: ({ alias, sql }) => seen.push(`${alias} started ${sql.slice(0, 6)}`),
      settled({ alias, sql }, milliseconds) {
        seen.push(`${alias} settled ${sql.slice(0, 6)}`);
        times.push(milliseconds);
      },
    });
    await Author.objects.all();
    await atomic(() => Author.objects.create({ name: "Jane" }));
    await expect(runStatement("default", { sql: "wrong", parameters: [] })).rejects.toThrow();
    stop?.();
    await Author.objects.count();
    const both = (word: string) => [`default started ${word}`, `default settled ${word}`];
    expect(seen.map((line) => line.toLowerCase())).toEqual([...both("select"), ...both("insert"), ...both("wrong")]);
    expect(times.every((time) => time >= 0 && time < 10_000)).toBe(true);
  });
});
