/** Statements are kept at the server from their second use on: many are run once only. */
const USES = 2;
const MOST_COUNTED = 2000;
/** Texts and lists beyond these are made for one occasion. */
const LONGEST_TEXT = 8000;
const MOST_PARAMETERS = 100;

const REPEATABLE = /^\s*(select|insert|update|delete|with)\b/i;
/** Its best plan hangs on the value: a pattern, a list; or it is several statements, which cannot be kept. */
const PECULIAR = /\b(like|ilike|similar to|any)\b|[^-]~|;|^\s*with\b.*\b(insert|update|delete)\b/is;

/** The names under which repeated statements are kept at the server. */
export class StatementNames {
  readonly #counted = new Map<string, { uses: number; readonly name: string | undefined }>();
  #made = 0;

  /** The name of a statement; undefined where it is to be planned anew. */
  nameOf(sql: string, parameters: readonly unknown[]): string | undefined {
    let entry = this.#counted.get(sql);
    if (entry === undefined) {
      if (this.#counted.size >= MOST_COUNTED) this.#counted.clear();
      const keeps = sql.length <= LONGEST_TEXT && REPEATABLE.test(sql) && !PECULIAR.test(sql);
      entry = { uses: 0, name: keeps ? `tsjango_${++this.#made}` : undefined };
      this.#counted.set(sql, entry);
    }
    entry.uses++;
    return entry.uses >= USES && parameters.length <= MOST_PARAMETERS ? entry.name : undefined;
  }
}
