import { createHash, randomBytes, randomUUID } from "node:crypto";
import type { Database } from "better-sqlite3";
import { UnreadableValue } from "./errors.ts";

/** More characters than this are a mistake: the text would be made in the program's own memory. */
const MOST_CHARACTERS = 100_000_000;

const HASHES = ["md5", "sha1", "sha224", "sha256", "sha384", "sha512"];

/** Functions of texts that SQLite lacks. Characters are code points, as on PostgreSQL. */
export function registerTexts(database: Database): void {
  const ofText = (name: string, make: (text: string, ...others: string[]) => unknown) =>
    database.function(`tsjango_${name}`, { deterministic: true, varargs: true }, (...given: unknown[]) =>
      given.includes(null) ? null : make(...(given.map(String) as [string, ...string[]])),
    );
  for (const hash of HASHES) ofText(hash, (text) => createHash(hash).update(text).digest("hex"));
  ofText("left", (text, length) => [...text].slice(0, Number(length)).join(""));
  // Below 0: all but the first ones, as on PostgreSQL.
  ofText("right", (text, length) => (Number(length) === 0 ? "" : [...text].slice(-Number(length)).join("")));
  ofText("reverse", (text) => [...text].reverse().join(""));
  ofText("chr", (code) => {
    const point = Number(code);
    if (point >= 1 && point <= 0x10ffff) return String.fromCodePoint(point);
    throw new UnreadableValue(`${code} is no character's code point`);
  });
  ofText("ord", (text) => BigInt(text.codePointAt(0) ?? 0));
  ofText("repeat", (text, times) => text.repeat(inReach(Math.max(Number(times), 0), text.length)));
  ofText("lpad", (text, length, fill) => {
    const { kept, added } = padding(text, Number(length), fill);
    return added + kept;
  });
  ofText("rpad", (text, length, fill) => {
    const { kept, added } = padding(text, Number(length), fill);
    return kept + added;
  });
  ofText("join", (values, delimiter) => {
    const texts = (JSON.parse(values) as (string | null)[]).filter((value) => value !== null);
    return texts.length === 0 ? null : texts.join(delimiter);
  });
  database.function("tsjango_uuid4", () => randomUUID());
  database.function("tsjango_uuid7", uuid7);
}

function inReach(times: number, each = 1): number {
  if (times * each <= MOST_CHARACTERS) return times;
  throw new UnreadableValue(`a text of more than ${MOST_CHARACTERS} characters is not made`);
}

function padding(text: string, length: number, fill: string): { readonly kept: string; readonly added: string } {
  const characters = [...text];
  const filling = [...fill];
  const missing = inReach(length - characters.length);
  if (missing <= 0) return { kept: characters.slice(0, Math.max(length, 0)).join(""), added: "" };
  const added = Array.from(
    { length: filling.length === 0 ? 0 : missing },
    (_, index) => filling[index % filling.length],
  );
  return { kept: text, added: added.join("") };
}

/** 48 bits of milliseconds, the version, and 74 random bits. Source: RFC 9562, section 5.7. */
function uuid7(): string {
  const bytes = randomBytes(16);
  bytes.writeUIntBE(Date.now(), 0, 6);
  bytes[6] = ((bytes[6] as number) & 0x0f) | 0x70;
  bytes[8] = ((bytes[8] as number) & 0x3f) | 0x80;
  return bytes.toString("hex").replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
