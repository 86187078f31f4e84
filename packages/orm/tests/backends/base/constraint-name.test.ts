import { expect, test } from "vitest";
import { constraintName } from "../../../src/backends/base/constraint-name.ts";

test("never changes: databases hold these names already", () => {
  expect(constraintName("blog_book", ["author_id"], "idx")).toBe("blog_book_author_id_d62af8e9_idx");
});

test("differs where table and columns only read alike", () => {
  expect(constraintName("a_b", ["c"], "idx")).not.toBe(constraintName("a", ["b_c"], "idx"));
  expect(constraintName("a", ["b", "c"], "idx")).not.toBe(constraintName("a", ["b_c"], "idx"));
  expect(constraintName("a", ["b"], "idx")).not.toBe(constraintName("a", ["b"], "uniq"));
});

test("has at most 63 bytes, whatever the letters, and still differs", () => {
  const long = (letter: string) => constraintName("t".repeat(80), [letter.repeat(40)], "uniq");
  for (const name of [long("a"), long("é"), long("日")]) expect(Buffer.byteLength(name)).toBeLessThanOrEqual(63);
  expect(new Set([long("a"), long("b"), long("é")]).size).toBe(3);
  expect(constraintName("日".repeat(30), ["本"], "fk")).toMatch(/^日+_[0-9a-f]{8}_fk$/);
});
