/** The key that tests sign with; it protects nothing. */
export const TEST_SECRET_KEY = "a-fixed-key-for-tests-that-protects-nothing-and-is-long-enough-for-every-check";

/** The variables under which a project's settings are read in tests. */
export const TEST_ENVIRONMENT: Readonly<Record<string, string>> = { SECRET_KEY: TEST_SECRET_KEY, DEBUG: "false" };

/** The variable that names the directory of the run; the workers read it. */
export const RUN_DIRECTORY = "TSJANGO_TEST_RUN";

/** The variables in which `tsjango test` tells the plugin of its options; they work with plain Vitest, too. */
export const OPTION_VARIABLES = {
  keepDatabases: "TSJANGO_TEST_KEEPDB",
  recreateDatabases: "TSJANGO_TEST_RECREATEDB",
  debugSql: "TSJANGO_TEST_DEBUG_SQL",
  tags: "TSJANGO_TEST_TAGS",
} as const;

/** The variable with the count from which a repeated query fails a test. */
export const REPEATED_QUERIES = "TSJANGO_TEST_REPEATED_QUERIES";

/** How often a query may not be repeated in a test; undefined where nobody counts. */
export function repeatedQueries(): number | undefined {
  const count = Number(process.env[REPEATED_QUERIES]);
  return count > 0 ? count : undefined;
}

/** Whether an option was given. */
export function isOn(option: keyof typeof OPTION_VARIABLES): boolean {
  return ["1", "true"].includes(process.env[OPTION_VARIABLES[option]] ?? "");
}

/** This process's own export conditions, for the processes it starts; not what else Node was told, such as --inspect. */
export function conditionFlags(): string[] {
  return process.execArgv.filter((argument) => argument.startsWith("--conditions="));
}
