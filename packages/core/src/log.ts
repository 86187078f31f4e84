import { inspect } from "node:util";

/** Where the handler writes. One seam, so that a project can send it elsewhere. */
export interface Log {
  warn(message: string): void;
  error(message: string, error: unknown): void;
}

/** Makes control characters of client data visible, so that nobody forges log lines. */
export function printable(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is escaped
  return text.replace(/[\x00-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069]/g, (character) => {
    const code = character.charCodeAt(0);
    return code < 256 ? `\\x${code.toString(16).padStart(2, "0")}` : `\\u${code.toString(16)}`;
  });
}

/** Errors with their stacks, to standard error. */
export const standardErrorLog: Log = {
  warn(message) {
    process.stderr.write(`${printable(message)}\n`);
  },
  error(message, error) {
    process.stderr.write(
      `${printable(message)}\n${error instanceof Error ? inspect(error) : inspect({ thrown: error })}\n`,
    );
  },
};

let current: Log = standardErrorLog;

/** The log in use. */
export function log(): Log {
  return current;
}

/** Sends what the handler logs elsewhere; returns what puts the former log back. */
export function setLog(next: Log): () => void {
  const former = current;
  current = next;
  return () => {
    current = former;
  };
}
