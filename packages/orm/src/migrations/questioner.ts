import { createInterface } from "node:readline/promises";
import { UsageError } from "@tsjango/kernel/exceptions";
import { didYouMean } from "@tsjango/kernel/utils";
import type { FieldQuestion } from "./detect-fields.ts";
import type { DecideRename, RenameQuestion } from "./detect-renames.ts";
import { fillValue } from "./fill-value.ts";

/** Asks a person one question; gives the answer as typed. */
export type Ask = (question: string) => Promise<string>;

/**
 * The values for rows that exist, by field: those given on the command line, and those a person answers.
 * @throws UsageError naming every field without a value, where nobody can be asked, or a given field that needs none.
 */
export async function answerQuestions(
  questions: readonly FieldQuestion[],
  given: ReadonlyMap<string, string>,
  ask: Ask | undefined,
): Promise<Map<string, unknown>> {
  const keys = questions.map((question) => question.key);
  const superfluous = [...given.keys()].find((key) => !keys.includes(key));
  if (superfluous !== undefined) {
    const needed =
      keys.length === 0 ? "No field needs a value for existing rows." : `Fields that need one: ${keys.join(", ")}.`;
    throw new UsageError(`--default ${superfluous}=… answers no question.${didYouMean(superfluous, keys)} ${needed}`);
  }
  const open = questions.filter((question) => !given.has(question.key));
  if (open.length > 0 && ask === undefined) throw unanswered(open);
  const answers = new Map<string, unknown>();
  for (const question of questions) {
    const text = given.get(question.key) ?? (await answer(question, ask as Ask));
    answers.set(question.key, fillValue(question.key, question.field, text));
  }
  return answers;
}

/** Decides by asking a person. Where nobody can be asked, throws `UsageError` naming the flags that answer. */
export function renameDecider(ask: Ask | undefined): DecideRename {
  return async (question) => {
    if (ask === undefined) throw undecided(question);
    for (;;) {
      const answer = (await ask(`Was ${question.key} renamed to ${question.name}? [y/n] `)).trim().toLowerCase();
      if (["y", "yes"].includes(answer)) return true;
      if (["n", "no"].includes(answer)) return false;
      if (answer === "") throw undecided(question);
    }
  };
}

function undecided({ key, name }: RenameQuestion): UsageError {
  return new UsageError(
    `${key} is gone, and ${name} is new and looks like it. Was it renamed? Say so with ` +
      `--rename ${key}:${name} (what is stored is kept), or --removed ${key} (it is deleted).`,
  );
}

/** Reads `blog.Book.title:name, blog.Author:Writer`, as `--rename` takes it. */
export function parseRenames(text: string, previous: ReadonlyMap<string, string> = new Map()): Map<string, string> {
  const pairs = text.split(",").map((pair) => {
    const [, key, name] = /^\s*(\w+\.\w+(?:\.\w+)?):(\w+)\s*$/.exec(pair) ?? [];
    if (key !== undefined && name !== undefined) return [key, name] as const;
    throw new UsageError(
      `--rename takes APP.MODEL:NAME or APP.MODEL.FIELD:NAME, such as blog.Book.title:name; found "${pair.trim()}".`,
    );
  });
  return new Map([...previous, ...pairs]);
}

/** Reads `blog.Book.title, blog.Author`, as `--removed` takes it. */
export function parseRemoved(text: string, previous: readonly string[] = []): readonly string[] {
  const keys = text.split(",").map((key) => key.trim());
  const wrong = keys.find((key) => !/^\w+\.\w+(?:\.\w+)?$/.test(key));
  if (wrong === undefined) return [...previous, ...keys];
  throw new UsageError(`--removed takes APP.MODEL or APP.MODEL.FIELD, such as blog.Book.title; found "${wrong}".`);
}

function unanswered(open: readonly FieldQuestion[]): UsageError {
  const lines = open.map(({ key, change }) => {
    const what = change === "added" ? "is new and may not be null" : "may not be null any more";
    return `  ${key} ${what}, and has no default\n`;
  });
  const [first] = open as [FieldQuestion];
  return new UsageError(
    `Rows that exist would have no value:\n${lines.join("")}` +
      "Give each a default in the model, or null: true, or a value for the existing rows: " +
      `makemigrations --default ${first.key}=${exampleFor(first)}`,
  );
}

async function answer({ key, change }: FieldQuestion, ask: Ask): Promise<string> {
  const what = change === "added" ? "is new" : "may not be null any more";
  const text = await ask(`${key} ${what}: what should existing rows have? (JSON, or a text; nothing to stop) `);
  if (text.trim() !== "") return text.trim();
  throw new UsageError(`Nothing was written. Give ${key} a default in the model, or null: true.`);
}

function exampleFor({ field }: FieldQuestion): string {
  if (/integer|float|decimal|foreignKey|oneToOne/i.test(field.kind)) return "0";
  if (field.kind === "boolean") return "false";
  return /date/i.test(field.kind) ? "2000-01-01" : "text";
}

/** Reads `blog.Book.pages=0, blog.Book.subtitle=`, as `--default` takes it. */
export function parseDefaults(text: string): ReadonlyMap<string, string> {
  const pairs = text.split(/,(?=\s*[\w]+\.\w+\.\w+=)/).map((pair) => pair.trim());
  return new Map(
    pairs.map((pair) => {
      const [, key, value] = /^(\w+\.\w+\.\w+)=(.*)$/s.exec(pair) ?? [];
      if (key === undefined || value === undefined) {
        throw new UsageError(`--default takes APP.MODEL.FIELD=VALUE, such as blog.Book.pages=0; found "${pair}".`);
      }
      return [key, value] as const;
    }),
  );
}

/** Asks on the terminal. */
export async function askOnTerminal(question: string): Promise<string> {
  const reader = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return await reader.question(question);
  } finally {
    reader.close();
  }
}
