import { readFileSync } from "node:fs";
import { UsageError } from "@tsjango/kernel/exceptions";
import { z } from "zod";
import type { GivenRenames } from "./detect-renames.ts";

/** What was answered before anybody was asked. */
export interface Answers {
  /** Old key → new name; null where it was removed. */
  readonly renames: GivenRenames;
  /** Values for rows that exist, by `blog.Book.pages`, as they would be typed. */
  readonly fills: ReadonlyMap<string, string>;
}

const schema = z.strictObject({
  renames: z.record(z.string(), z.string().nullable()).default({}),
  defaults: z.record(z.string(), z.json()).default({}),
});

/**
 * Reads a file of answers: `{ "renames": { "blog.Book.title": "name", "blog.Draft": null }, "defaults":
 * { "blog.Book.pages": 0 } }`; null says that it was removed. Throws `UsageError` naming the file and what is wrong in it.
 */
export function readAnswers(file: string): Answers {
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(file, "utf8"));
  } catch (cause) {
    throw new UsageError(`--answers ${file} cannot be read: ${(cause as Error).message}`, { cause });
  }
  const read = schema.safeParse(content);
  if (!read.success) throw new UsageError(`--answers ${file} is not right: ${z.prettifyError(read.error)}`);
  const { renames, defaults } = read.data;
  const typed = Object.entries(defaults).map(([key, value]) => [key, JSON.stringify(value)] as const);
  return { renames: new Map(Object.entries(renames)), fills: new Map(typed) };
}
