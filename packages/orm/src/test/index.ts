export { onStatement } from "../transaction.ts";
export { createTestDatabase } from "./databases.ts";
export { testHooks } from "./hooks.ts";
