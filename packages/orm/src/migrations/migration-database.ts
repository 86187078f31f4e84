type Values = Readonly<Record<string, unknown>>;

/** A row of a model as it was when the migration was made. Which fields it has is known only when the code runs. */
export interface HistoricRow {
  readonly pk: unknown;
  save(options?: { readonly updateFields?: readonly string[] }): Promise<void>;
  delete(): Promise<number>;
  [field: string]: unknown;
}

/** Rows of such a model: the methods of query sets. Wrong names and values throw, naming what there is. */
export interface HistoricRows extends PromiseLike<HistoricRow[]>, AsyncIterable<HistoricRow> {
  all(): HistoricRows;
  filter(conditions: object): HistoricRows;
  exclude(conditions: object): HistoricRows;
  orderBy(...paths: string[]): HistoricRows;
  reverse(): HistoricRows;
  slice(start: number, end?: number): HistoricRows;
  selectRelated(...paths: string[]): HistoricRows;
  get(conditions?: object): Promise<HistoricRow>;
  first(): Promise<HistoricRow | null>;
  last(): Promise<HistoricRow | null>;
  count(): Promise<number>;
  exists(): Promise<boolean>;
  update(values: Values): Promise<number>;
  delete(): Promise<number>;
}

/** The door to the rows of such a model. */
export interface HistoricManager extends Omit<HistoricRows, "delete" | typeof Symbol.asyncIterator | "then"> {
  create(values?: Values): Promise<HistoricRow>;
  getOrCreate(where: Values, options?: { readonly defaults?: Values }): Promise<[HistoricRow, boolean]>;
  bulkCreate(rows: readonly Values[]): Promise<HistoricRow[]>;
}

/** A model as it was when the migration was made: its fields, and none of the methods of its class. */
export interface HistoricModel {
  readonly objects: HistoricManager;
}

/** The database as `runCode` sees it: the connection and transaction of its migration. */
export interface MigrationDatabase {
  readonly vendor: "sqlite" | "postgres";
  /** A model as it is at this point of the history: `db.model("blog.Book").objects.filter({ slug: "" })`. */
  model(key: string): HistoricModel;
  /** Runs one statement. Parameters stand as `?` in SQLite's statements and as `$1`, `$2` … in PostgreSQL's. */
  execute(sql: string, parameters?: readonly unknown[]): Promise<readonly Readonly<Record<string, unknown>>[]>;
}
