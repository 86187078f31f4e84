import { test } from "tsjango/test";
import { AND, REPORTS } from "./report-words.ts";

interface Options {
  readonly tags?: string[];
}

/** A test that fails on purpose. What it must report is part of its name, for who reads the report. */
export function failing(name: string, words: readonly string[], body: () => unknown, options: Options = {}): void {
  test(name + REPORTS + words.join(AND), options, async () => {
    await body();
  });
}
