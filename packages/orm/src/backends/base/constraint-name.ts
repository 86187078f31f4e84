import { createHash } from "node:crypto";

/** The most bytes of a name: PostgreSQL cuts longer identifiers off, so that two could become one. */
export const LONGEST_NAME = 63;

/**
 * The name of an index or constraint: `blog_book_author_id_1f0c2a9b_idx`. It depends only on its arguments, fits both
 * databases (at most 63 bytes), and differs where table or columns do, even when they read alike.
 */
export function constraintName(table: string, columns: readonly string[], suffix: string): string {
  const hash = createHash("sha256")
    .update(JSON.stringify([table, columns, suffix]))
    .digest("hex")
    .slice(0, 8);
  const tail = `_${hash}_${suffix}`;
  return shorten([table, ...columns].join("_"), LONGEST_NAME - Buffer.byteLength(tail)) + tail;
}

function shorten(text: string, bytes: number): string {
  let short = text;
  while (Buffer.byteLength(short) > bytes) short = [...short].slice(0, -1).join("");
  return short;
}
