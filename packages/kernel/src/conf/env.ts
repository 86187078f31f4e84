import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { parseEnv } from "node:util";
import { ImproperlyConfigured } from "../exceptions.ts";
import { callerFile, describeValue, mayBeSecret } from "../utils/index.ts";
import { nearestPackage } from "./project.ts";

const files = new Map<string, Readonly<Record<string, string | undefined>>>();

/** The variables of the `.env` file in `directory`, read once; none where there is no such file. */
function envFile(directory: string): Readonly<Record<string, string | undefined>> {
  let variables = files.get(directory);
  if (variables === undefined) {
    try {
      variables = parseEnv(readFileSync(join(directory, ".env"), "utf8"));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
      variables = {};
    }
    files.set(directory, variables);
  }
  return variables;
}

function projectDirectory(): string {
  const caller = callerFile([import.meta.url]);
  return nearestPackage(caller === undefined ? process.cwd() : dirname(caller)) ?? process.cwd();
}

function lookUp<T>(name: string, fallback: T | undefined, expected: string, parse: (text: string) => T | undefined): T {
  const directory = projectDirectory();
  const text = process.env[name] ?? envFile(directory)[name];
  if (text === undefined) {
    if (fallback !== undefined) return fallback;
    throw new ImproperlyConfigured(
      `The environment variable ${name} is not set. Set it, or add a line "${name}=…" to ${join(directory, ".env")}.`,
    );
  }
  const value = parse(text);
  if (value !== undefined) return value;
  const shown = mayBeSecret(name) ? "another value" : describeValue(text);
  throw new ImproperlyConfigured(`The environment variable ${name} must be ${expected}; found ${shown}.`);
}

const TRUE = new Set(["1", "true", "yes", "on"]);
const FALSE = new Set(["0", "false", "no", "off", ""]);

/** Where a database is. The ORM reads the URL: `sqlite:db.sqlite3`, `postgres://user:password@host:5432/name`. */
export interface DatabaseUrl {
  readonly url: string;
}

/**
 * Reads the environment, and the `.env` file beside the nearest package.json; real variables win over the file.
 * Each function takes the variable's name and what to use where it is unset; without that, unset is an error.
 * @throws ImproperlyConfigured naming the variable, what was expected and what was found.
 */
export const env = {
  /** Any text. */
  string(name: string, fallback?: string): string {
    return lookUp(name, fallback, "a text", (text) => text);
  },
  /** `true`, `1`, `yes`, `on` or `false`, `0`, `no`, `off`, in any case; empty is false. */
  boolean(name: string, fallback?: boolean): boolean {
    return lookUp(name, fallback, '"true" or "false"', (text) => {
      const word = text.trim().toLowerCase();
      return TRUE.has(word) ? true : FALSE.has(word) ? false : undefined;
    });
  },
  /** A whole number. */
  integer(name: string, fallback?: number): number {
    return lookUp(name, fallback, "a whole number", (text) => {
      const value = Number(text);
      return /^\s*-?\d+\s*$/.test(text) && Number.isSafeInteger(value) ? value : undefined;
    });
  },
  /** Texts separated by commas; blanks around them and empty ones are dropped. */
  list(name: string, fallback?: readonly string[]): readonly string[] {
    return lookUp<readonly string[]>(name, fallback, "a comma-separated list", (text) =>
      text
        .split(",")
        .map((item) => item.trim())
        .filter((item) => item !== ""),
    );
  },
  /** A database URL. */
  database(name: string, fallback?: string): DatabaseUrl {
    const url = lookUp(name, fallback, 'a database URL such as "sqlite:db.sqlite3"', (text) =>
      /^[a-z][a-z0-9+.-]*:/i.test(text) ? text : undefined,
    );
    return { url };
  },
};
