import { expect, test } from "vitest";
import { fields, Model } from "../../src/index.ts";
import { loose } from "../support/loose.ts";
import { describeDatabases, openProject } from "../support/project.ts";
import { use } from "../support/use.ts";

class Thing extends Model<Thing>()({ extra: fields.json<Record<string, unknown>>({ null: true }) }) {}

describeDatabases("keys in JSON", (vendor) => {
  test("are no paths, whatever they look like, and a number is a place in a list as well as a key", async () => {
    use(await openProject(vendor, { Thing }));
    const things = loose(Thing);
    await things.create({ extra: { a: 1, "$.a": 2, "[0]": 3, $: 4, 'q"': 5, "b\\": 6, "0": 7 } });
    for (const [key, value] of [
      ["$.a", 2],
      ["[0]", 3],
      ["$", 4],
      ['q"', 5],
      ["b\\", 6],
      ["0", 7],
    ] as const) {
      expect(await things.filter({ [`extra__${key}`]: value }).count(), key).toBe(1);
      expect(await things.filter({ [`extra__${key}`]: 1 }).count(), key).toBe(0);
    }
    await things.create({ extra: { list: ["first", { deep: ["second"] }] } });
    expect(await things.filter({ extra__list__0: "first" }).count()).toBe(1);
    expect(await things.filter({ extra__list__1__deep__0: "second" }).count()).toBe(1);
  });
});
