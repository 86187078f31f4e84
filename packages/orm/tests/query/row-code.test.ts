import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { fillerOf, listOf, objectOf } from "../../src/query/row-code.ts";

const columns = [
  { name: "id", index: 1, decode: undefined },
  { name: 'a"];b', index: 0, decode: (value: unknown) => `<${String(value)}>` },
];

test("fills and makes objects and lists, in the order of the columns", () => {
  const target = { other: 1 };
  fillerOf(columns)(target, ["x", 7]);
  expect(target).toEqual({ other: 1, id: 7, 'a"];b': "<x>" });
  expect(Object.entries(objectOf(columns)(["y", null]))).toEqual([
    ["id", null],
    ['a"];b', "<y>"],
  ]);
  expect(listOf(columns)(["z", 9n])).toEqual([9n, "<z>"]);
});

test("does the same where code may not be made of texts", async () => {
  const module = JSON.stringify(new URL("../../src/query/row-code.ts", import.meta.url).href);
  const program = `
    import { fillerOf, objectOf } from ${module};
    let forbidden = false;
    try { new Function("")(); } catch { forbidden = true; }
    const columns = [{ name: "id", index: 1 }, { name: "title", index: 0, decode: (value) => value + "!" }];
    const target = {};
    fillerOf(columns)(target, ["x", 7]);
    console.log(JSON.stringify([forbidden, target, objectOf(columns)(["y", 8])]));
  `;
  const { stdout } = await promisify(execFile)(process.execPath, [
    "--disallow-code-generation-from-strings",
    "--no-warnings",
    "--input-type=module",
    "--eval",
    program,
  ]);
  expect(JSON.parse(stdout)).toEqual([true, { id: 7, title: "x!" }, { id: 8, title: "y!" }]);
});
