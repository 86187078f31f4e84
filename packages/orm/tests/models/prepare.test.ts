import { defineApp } from "@tsjango/kernel/apps";
import { configure } from "@tsjango/kernel/conf";
import { afterEach, expect, test } from "vitest";
import { connections } from "../../src/connections.ts";
import { optionsOf } from "../../src/fields/prepared.ts";
import { fields, Model, meta } from "../../src/index.ts";
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
