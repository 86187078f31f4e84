import { defineApp } from "@tsjango/kernel/apps";
import { configure } from "@tsjango/kernel/conf";
import { afterEach, expect, test } from "vitest";
import { connections } from "../../src/connections.ts";
import { F } from "../../src/expressions/references.ts";
import { optionsOf } from "../../src/fields/prepared.ts";
import type { ForeignKey } from "../../src/fields/relations.ts";
import { fields, Model, ModelError, meta } from "../../src/index.ts";
import type { ModelType } from "../../src/models/options.ts";
import { modelProblems, prepareModels } from "../../src/models/prepare.ts";

/** Prepares these models in the app `shop`. */
function prepare(models: Readonly<Record<string, unknown>>): void {
  configure({ baseDir: "/tmp", databases: { default: { url: "sqlite::memory:" } } } as never);
  prepareModels([{ config: defineApp({ name: "shop" }), models }]);
  expect(modelProblems()).toEqual([]);
}
const of = (model: unknown) => optionsOf(model as ModelType);
afterEach(() => connections.closeAll());

class Base extends Model<Base>()({ name: fields.char() }) {
  static override meta = meta<Base>({ ordering: ["-name"] });
}
class Another extends Base {}

test("a proxy has the table of its model, whichever comes first", () => {
  prepare({ Another, Base });
  expect(of(Another)).toMatchObject({ dbTable: "shop_base", proxy: true, concreteModel: Base });
  expect(of(Base)).toMatchObject({ dbTable: "shop_base", proxy: false, label: "shop.Base", ordering: ["-name"] });
});

test("tables are in snake case, and the key comes first unless the model has one", () => {
  class HTTPLogEntry extends Model<HTTPLogEntry>()({ text: fields.text() }) {}
  class Token extends Model<Token>()({ text: fields.text(), key: fields.uuid({ primaryKey: true }) }) {}
  prepare({ HTTPLogEntry, Token });
  expect(of(HTTPLogEntry).dbTable).toBe("shop_http_log_entry");
  expect(of(HTTPLogEntry).fields.map((field) => [field.name, field.kind])).toEqual([
    ["id", "auto"],
    ["text", "text"],
  ]);
  expect(of(Token).pk.name).toBe("key");
});

test("heirs of abstract models have their fields, getters and methods, nearest last", () => {
  class Named extends Model.abstract({ name: fields.char({ default: "n" }) }) {
    get shout(): string {
      return this.name.toUpperCase();
    }
    greet(): string {
      return `named ${this.name}`;
    }
  }
  class Aged extends Model.abstract({ age: fields.integer({ default: 1 }) }) {
    greet(): string {
      return `aged ${this.age}`;
    }
  }
  class Person extends Model<Person>().extends(Named, Aged)({ extra: fields.char({ default: "x" }) }) {}
  prepare({ Person, Named, Aged });
  const person = new Person();
  expect({ ...person }).toEqual({ id: undefined, name: "n", age: 1, extra: "x" });
  expect([person.shout, person.greet()]).toEqual(["N", "aged 1"]);
});

test("meta keeps orders by expressions, names for one and many, and what latest() orders by", () => {
  class Post extends Model<Post>()({ published: fields.date({ null: true }), title: fields.char() }) {
    static override meta = meta<Post>({
      ordering: [F("published").desc({ nulls: "last" }), "-title", F("title")],
      getLatestBy: ["-published", "title"],
      verboseName: "story",
      verboseNamePlural: "stories",
      dbTableComment: "What we tell",
    });
  }
  class HTTPLog extends Model<HTTPLog>()({ n: fields.integer() }) {}
  prepare({ Post, HTTPLog });
  expect(of(Post)).toMatchObject({
    ordering: [
      { expression: { kind: "reference", path: "published" }, descending: true, nulls: "last" },
      "-title",
      { expression: { kind: "reference", path: "title" }, descending: false, nulls: undefined },
    ],
    getLatestBy: ["-published", "title"],
    verboseName: "story",
    verboseNamePlural: "stories",
    dbTableComment: "What we tell",
  });
  expect(of(HTTPLog)).toMatchObject({ verboseName: "http log", verboseNamePlural: "http logs", getLatestBy: [] });
});

test("an abstract model's meta is that of its heirs, with names of their own, unless they have another", () => {
  class Dated extends Model.abstract({ on: fields.date() }) {
    static meta = {
      dbTable: "never",
      ordering: ["-on"],
      constraints: [{ unique: ["on"], name: "%(app_label)s_%(class)s_once" }],
    };
  }
  class First extends Model<First>().extends(Dated)({ n: fields.integer() }) {}
  class Second extends Model<Second>().extends(Dated)({ n: fields.integer() }) {
    static override meta = meta<Second>({ ordering: ["n"] });
  }
  prepare({ First, Second });
  expect(of(First)).toMatchObject({
    dbTable: "shop_first",
    ordering: ["-on"],
    constraints: [{ name: "shop_first_once" }],
  });
  expect(of(Second)).toMatchObject({ ordering: ["n"], constraints: [] });
});

test("a model with a table of its own has no heirs with other columns, and the message says what to do", () => {
  const extend = (base: unknown) => Model<object>().extends(base as never)({ extra: fields.integer() });
  expect(() => extend(Base)).toThrow(ModelError);
  expect(() => extend(Base)).toThrow(
    "Base has a table of its own. For the same table with other methods write class Special",
  );
  expect(() => extend(class Plain {})).toThrow("Plain is no model. Make it with Model.abstract({ … }).");
});

test("what a relation sets when its target is deleted", () => {
  const to = (onDelete: unknown, options = {}) =>
    (fields.foreignKey(Base, { onDelete, ...options } as never) as unknown as ForeignKey).valueOnDelete();
  expect(to("cascade")).toBeUndefined();
  expect(to("setNull")).toEqual({ value: null });
  expect(to("setDefault", { default: () => 7 })).toEqual({ value: 7 });
  expect(to({ set: 3 })).toEqual({ value: 3 });
  expect(to({ set: () => 4 })).toEqual({ value: 4 });
});
