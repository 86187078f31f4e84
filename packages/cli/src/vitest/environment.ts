/** The key that tests sign with; it protects nothing. */
export const TEST_SECRET_KEY = "a-fixed-key-for-tests-that-protects-nothing-and-is-long-enough-for-every-check";

/** The variables under which a project's settings are read in tests. */
export const TEST_ENVIRONMENT: Readonly<Record<string, string>> = { SECRET_KEY: TEST_SECRET_KEY, DEBUG: "false" };
