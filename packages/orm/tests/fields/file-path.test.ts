import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { FilePathField, type FilePathOptions } from "../../src/fields/file-path.ts";

function directory(): string {
  const root = mkdtempSync(join(tmpdir(), "tsjango-paths-"));
  onTestFinished(() => rmSync(root, { recursive: true }));
  mkdirSync(join(root, "old"));
  for (const name of ["b.txt", "a.txt", "a.md", "old/c.txt"]) writeFileSync(join(root, name), "");
  return root;
}

const field = (options: FilePathOptions) => new FilePathField(options).bind("path");

test("the choices are what the directory has: files by their names, those inside, directories", () => {
  const root = directory();
  const names = (options: Partial<FilePathOptions>) =>
    field({ path: root, ...options })
      .paths()
      .map((path) => path.slice(root.length + 1));
  expect(names({})).toEqual(["a.md", "a.txt", "b.txt"]);
  // A pattern is used afresh for each name.
  expect(names({ match: /\.txt$/g })).toEqual(["a.txt", "b.txt"]);
  expect(names({ match: /\.txt$/, recursive: true })).toEqual(["a.txt", "b.txt", "old/c.txt"]);
  expect(names({ allowFiles: false, allowFolders: true })).toEqual(["old"]);
  expect(names({ path: () => join(root, "old") })).toEqual(["old/c.txt"]);
});

test("a path that is not there is no valid choice, until it is", () => {
  const root = directory();
  const path = field({ path: root });
  expect(path.validate(join(root, "a.txt"))).toBeUndefined();
  expect(() => path.validate(join(root, "new.txt"))).toThrow("is not a valid choice");
  expect(() => path.validate(join(root, "old", "c.txt"))).toThrow("is not a valid choice");
  expect(() => path.validate(join(root, "old", "..", "..", "b.txt"))).toThrow("is not a valid choice");
  writeFileSync(join(root, "new.txt"), "");
  expect(path.validate(join(root, "new.txt"))).toBeUndefined();
  expect(field({ path: root, null: true }).validate(null)).toBeUndefined();
});
