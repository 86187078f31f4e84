import { expect, test } from "vitest";
import { tokens } from "./tokens.ts";

test("names, texts and parameters count, not what is in them", () => {
  const sql = `select "a""b", 'it''s' from "t" where "x" >= $1 and y = ? limit 21`;
  expect(tokens(sql).join(" ")).toBe(
    "select <name> , <text> from <name> where <name> >= <value> and y = <value> limit 21",
  );
});

/** A string put between quotes as it is: what each of these does to the statement must be seen. */
const BREAKING: readonly (readonly [quote: string, text: string])[] = [
  ["'", "' or 1=1"],
  ["'", "'; drop table x; --"],
  ["'", "' or ''='"],
  ["'", "'/*"],
  ["'", "it's"],
  ["'", "\0"],
  ['"', '" or 1=1'],
  ['"', '", (select 1), "'],
  ['"', '"'],
  ['"', 'a" -- "'],
];

test("a string that breaks out of its quotes changes the tokens, or makes a statement that is refused", () => {
  const plain = (quote: string, text: string) => tokens(`select ${quote}${text}${quote} from t`).join(" ");
  for (const [quote, text] of BREAKING) {
    let found: string | undefined;
    try {
      found = plain(quote, text);
    } catch {
      continue;
    }
    expect(found, JSON.stringify(text)).not.toBe(plain(quote, "benign"));
  }
});
