import fc from "fast-check";
import { expect, test } from "vitest";
import type { ModelInstance } from "../../src/models/options.ts";
import { LoadedRelations } from "../../src/query/loaded-relations.ts";

test("relations that are loaded are kept as in a Map, whatever is done to them", () => {
  const name = fc.constantFrom("author", "publisher", "editor");
  const step = fc.oneof(
    fc.tuple(fc.constant("set"), name, fc.option(fc.nat())),
    fc.tuple(fc.constantFrom("delete", "get"), name),
    fc.tuple(fc.constant("clear")),
  );
  const run = fc.property(fc.array(step, { maxLength: 20 }), (steps) => {
    const relations = new LoadedRelations();
    const map = new Map<string, ModelInstance | null>();
    for (const [method, key, value] of steps as [string, string, number | null][]) {
      const row = value === null ? null : { id: value };
      if (method === "set") {
        relations.set(key, row);
        map.set(key, row);
      } else if (method === "delete") {
        relations.delete(key);
        map.delete(key);
      } else if (method === "clear") {
        relations.clear();
        map.clear();
      } else {
        expect([relations.get(key), relations.has(key)]).toEqual([map.get(key), map.has(key)]);
      }
      expect(relations.size).toBe(map.size);
      expect(new Map(relations)).toEqual(map);
    }
  });
  fc.assert(run, { numRuns: 2000, seed: 7 });
});
