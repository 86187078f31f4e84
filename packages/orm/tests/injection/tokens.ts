/** A word, operator or placeholder of SQL; of a quoted name and of a text only that it is one. */
export type Token = string;

const SPACE = /\s+/y;
const NUMBER = /\d+(?:\.\d+)?(?:e[+-]?\d+)?/iy;
const WORD = /[a-z_\u0080-\uffff][\w$\u0080-\uffff]*/iy;
const PLACEHOLDER = /\?\d*|\$\d+/y;
const OPERATOR = /<=|>=|<>|!=|\|\||::|->>|->|#>>|#>|~\*|[-+*/%<>=~^&|#@!.,;:()[\]]/y;

/**
 * The tokens of a statement, as SQLite and PostgreSQL read it. Throws for what neither must find in a statement of ours:
 * a comment, a text or name without an end, a character that begins no token.
 */
export function tokens(sql: string): Token[] {
  const found: Token[] = [];
  let at = 0;
  const read = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = at;
    const text = pattern.exec(sql)?.[0];
    if (text !== undefined) at += text.length;
    return text;
  };
  while (at < sql.length) {
    if (read(SPACE) !== undefined) continue;
    const character = sql[at] as string;
    if (sql.startsWith("--", at) || sql.startsWith("/*", at)) throw new Error(`A comment at ${at}: ${sql}`);
    // A text with a prefix, as E'…', would read backslashes; none of ours has one.
    if (/^[ebxnu]&?'/i.test(sql.slice(at, at + 3)) && !/\w/.test(sql[at - 1] ?? " ")) {
      throw new Error(`A text with a prefix at ${at}: ${sql}`);
    }
    if (character === '"' || character === "'") {
      at = endOfQuoted(sql, at, character);
      found.push(character === '"' ? "<name>" : "<text>");
      continue;
    }
    const plain =
      read(PLACEHOLDER) !== undefined ? "<value>" : (read(NUMBER) ?? read(WORD)?.toLowerCase() ?? read(OPERATOR));
    if (plain === undefined) throw new Error(`${JSON.stringify(character)} at ${at} begins no token: ${sql}`);
    found.push(plain);
  }
  return found;
}

function endOfQuoted(sql: string, start: number, quote: string): number {
  for (let at = start + 1; at < sql.length; at++) {
    if (sql[at] === "\0") throw new Error(`A NUL in what is quoted at ${start}: ${sql}`);
    if (sql[at] !== quote) continue;
    if (sql[at + 1] !== quote) return at + 1;
    at++;
  }
  throw new Error(`What is quoted at ${start} has no end: ${sql}`);
}
