import { inspect, styleText } from "node:util";
import { printable } from "../utils/index.ts";
import { errorFields } from "./error-fields.ts";
import type { LogRecord } from "./record.ts";

const COLOURS = {
  trace: "gray",
  debug: "blue",
  info: "green",
  warn: "yellow",
  error: "red",
  fatal: "bgRed",
} as const;

/** A record for people: time, level, channel and message, then a line for each field, and the error with its stack. */
export function prettyRecord({ level, channel, message, time, error, fields }: LogRecord, colours: boolean): string {
  const paint = (style: Parameters<typeof styleText>[0], text: string) =>
    colours ? styleText(style, text, { validateStream: false }) : text;
  const clock = new Date(time).toTimeString().slice(0, 8);
  const lines = [
    `[${clock}] ${paint(COLOURS[level], level.toUpperCase())}: ${paint("cyan", `${channel}: ${message}`)}`,
  ];
  const add = (name: string, value: unknown) => {
    const [first, ...more] = asLines(value);
    // JSON has no word for it: undefined, a function.
    if (first !== undefined)
      lines.push(`    ${paint("magenta", name)}: ${first}`, ...more.map((line) => `    ${line}`));
  };
  const { view: _view, ...shown } = fields;
  for (const [name, value] of Object.entries(shown)) add(printable(name), value);
  if (error !== undefined) {
    const { stack, ...plain } = errorFields(error);
    add("err", plain);
    if (stack !== undefined)
      lines.push(
        ...String(stack)
          .split("\n")
          .map((line) => `      ${printable(line)}`),
      );
  }
  return `${lines.join("\n")}\n`;
}

function asLines(value: unknown): string[] {
  const text = asJson(value);
  return text === undefined ? [] : text.split("\n").map(printable);
}

/** An instance may hold itself, or throw in its `toJSON`: a record is written all the same. */
function asJson(value: unknown): string | undefined {
  try {
    return JSON.stringify(value, (_key, inner) => (typeof inner === "bigint" ? String(inner) : inner), 2);
  } catch {
    return inspect(value);
  }
}
