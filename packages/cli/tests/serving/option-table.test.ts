import { readFileSync } from "node:fs";
import { join } from "node:path";
import { DEFAULT_SETTINGS, type ServeSettings } from "@tsjango/server";
import { describe, expect, test } from "vitest";
import serve from "../../src/commands/serve.ts";
import { OPTION_TABLE, type ServeOption } from "../../src/serving/option-table.ts";

const PAGE = readFileSync(join(import.meta.dirname, "../../../../docs/running.md"), "utf8");
const rows = new Map(
  PAGE.slice(PAGE.indexOf("## In production"))
    .split("\n")
    .filter((line) => line.startsWith("| `"))
    .map((line) =>
      line
        .slice(1, -1)
        .split(/(?<!\\)\|/)
        .map((cell) => cell.replaceAll("`", "").trim()),
    )
    .map(([flags = "", meaning = "", value = ""]) => [flags, { meaning, value }] as const),
);
const options = Object.entries(OPTION_TABLE) as [keyof ServeSettings, ServeOption<unknown>][];
const DEFAULT = / \(default: ([^)]*)\)/;

/** What a text of a table or of the help says, as the option reads it. */
function read({ flags, reader }: ServeOption<unknown>, text: string): unknown {
  if (text === "") return "";
  if (text === "off") return reader.read(flags.includes("--no-"));
  return reader.read(text);
}

describe.each(options)("the option %s", (key, option) => {
  test("stands in docs/running.md with its meaning and its default", () => {
    const row = rows.get(option.flags);
    expect(row?.meaning).toBe(option.description.replace(DEFAULT, ""));
    expect(read(option, row?.value ?? "")).toEqual(DEFAULT_SETTINGS[key] ?? "");
  });

  test("has no other default in its help", () => {
    const told = DEFAULT.exec(option.description)?.[1];
    // Where a variable may say it, the help says so.
    if (typeof DEFAULT_SETTINGS[key] !== "number" || key === "workers") return;
    expect(read(option, told ?? "")).toBe(DEFAULT_SETTINGS[key]);
  });
});

test("every flag of the command stands there, too", () => {
  const missing = Object.values(serve.options ?? {}).filter(({ flags }) => !rows.has(flags));
  expect(missing).toEqual([]);
});
