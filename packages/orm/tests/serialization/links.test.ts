import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { apps, defineApp } from "@tsjango/kernel/apps";
import { configure, type Settings } from "@tsjango/kernel/conf";
import { beforeEach, expect, test } from "vitest";
import { connections } from "../../src/connections.ts";
import { fields, Model } from "../../src/index.ts";
import { prepareModels } from "../../src/models/prepare.ts";
import { loadFixtures } from "../../src/serialization/load-fixtures.ts";
import { projectDirectory } from "../migrations/project.ts";
import { use } from "../support/use.ts";

class Tag extends Model<Tag>()({ label: fields.char() }) {}
class Person extends Model<Person>()({
  tags: () => fields.manyToMany(Tag),
  friends: () => fields.manyToMany(Person),
  clubs: () => fields.manyToMany(Tag, { through: Member as never }),
}) {}
/** A shape whose types are of no matter here. */
const shape = <T extends object>(given: T) => given as Record<never, never>;

class Member extends Model<Member>()(
  shape({
    pk: fields.compositePrimaryKey("personId", "tagId"),
    person: () => fields.foreignKey(Person, { onDelete: "cascade" }),
    tag: () => fields.foreignKey(Tag, { onDelete: "cascade" }),
    since: fields.integer({ null: true }),
  }),
) {}

const LINK = "id integer PRIMARY KEY AUTOINCREMENT";
const TABLES = [
  "shop_tag (id integer PRIMARY KEY AUTOINCREMENT, label text NOT NULL)",
  "shop_person (id integer PRIMARY KEY AUTOINCREMENT)",
  `shop_person_tags (${LINK}, person_id integer NOT NULL, tag_id integer NOT NULL, UNIQUE (person_id, tag_id))`,
  "shop_member (person_id integer NOT NULL, tag_id integer NOT NULL, since integer, PRIMARY KEY (person_id, tag_id))",
  `shop_person_friends (${LINK}, from_person_id integer, to_person_id integer, UNIQUE (from_person_id, to_person_id))`,
];

let base: string;

async function load(...rows: object[]): Promise<string> {
  writeFileSync(join(base, "rows.json"), JSON.stringify(rows));
  const loaded = loadFixtures(["rows.json"]);
  return loaded.then(String, ({ message }: Error) => message);
}
const person = (pk: number, given: object = {}) => ({ model: "shop.Person", pk, fields: given });
const tags = [1, 2, 3].map((pk) => ({ model: "shop.Tag", pk, fields: { label: `t${pk}` } }));
const rowsOf = async (sql: string) => (await connections.get().execute(sql)).rows.map((row) => row.map(Number));

beforeEach(async () => {
  base = use(projectDirectory()).path;
  const shop = defineApp({ name: "shop", models: async () => ({ Tag, Person, Member }) });
  const databases = { default: { url: "sqlite:links.sqlite3" } };
  configure({ baseDir: base, installedApps: [shop], databases } as unknown as Settings);
  await apps.load([shop]);
  prepareModels(apps.all());
  for (const table of TABLES) await connections.get().execute(`CREATE TABLE ${table}`);
  use({ [Symbol.asyncDispose]: () => connections.closeAll() });
});

test("a many-to-many relation is a list of keys, which replaces what there was", async () => {
  expect(await load(person(1, { tags: [2, 1] }), ...tags)).toBe("4");
  expect(await load(person(1, { tags: [3, 1] }))).toBe("1");
  expect(await load(person(1))).toBe("1");
  expect(await rowsOf("SELECT person_id, tag_id FROM shop_person_tags ORDER BY 2")).toEqual([
    [1, 1],
    [1, 3],
  ]);
});

test("one that holds in both directions is written in both, however often it is told", async () => {
  expect(await load(person(1, { friends: [2] }), person(2, { friends: [1, 2] }))).toBe("2");
  expect(await rowsOf("SELECT from_person_id, to_person_id FROM shop_person_friends ORDER BY 1, 2")).toEqual([
    [1, 2],
    [2, 1],
    [2, 2],
  ]);
});

test("a key of several fields is a list, or stands among the fields", async () => {
  const member = { model: "shop.Member", pk: [1, 2], fields: { since: 2020 } };
  expect(await load(person(1), ...tags, member, { model: "shop.Member", fields: { person: 1, tagId: 3 } })).toBe("6");
  expect(await load({ ...member, fields: { since: 2021 } })).toBe("1");
  expect(await rowsOf("SELECT * FROM shop_member ORDER BY tag_id")).toEqual([
    [1, 2, 2021],
    [1, 3, 0],
  ]);
});

test("what a relation cannot take is told in words", async () => {
  expect(await load(person(1, { tags: 1 }))).toBe(
    "rows.json[0] (shop.Person 1): Person.tags takes a list of keys; found number 1.",
  );
  expect(await load(...tags, person(1, { tags: [1, 1] }))).toMatch(/Person\.tags has number 1 twice\.$/);
  expect(await load(...tags, person(1, { tags: [4] }))).toBe(
    "rows.json[3] (shop.Person 1): Person.tags is 4, and there is no shop.Tag of this key.",
  );
  expect(await load(...tags, person(1, { clubs: [1] }))).toMatch(
    /Person\.clubs keeps its links in Member: write rows of that model in its place\.$/,
  );
  expect(await load({ model: "shop.Member", pk: 1 })).toMatch(
    /pk takes a list of 2 values \(person, tag\); found number 1/,
  );
});
