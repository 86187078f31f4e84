/** The key that tests sign with; it protects nothing. */
export const TEST_SECRET_KEY = "a-fixed-key-for-tests-that-protects-nothing-and-is-long-enough-for-every-check";

/** The variables under which a project's settings are read in tests. */
export const TEST_ENVIRONMENT: Readonly<Record<string, string>> = { SECRET_KEY: TEST_SECRET_KEY, DEBUG: "false" };

/** This process's own export conditions, for the processes it starts; not what else Node was told, such as --inspect. */
export function conditionFlags(): string[] {
  return process.execArgv.filter((argument) => argument.startsWith("--conditions="));
}
