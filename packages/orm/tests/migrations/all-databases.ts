import { sqliteDatabase, type TestDatabase } from "./databases.ts";

/** The databases that the suite runs on. */
export const databases: { vendor: string; open: () => Promise<TestDatabase> }[] = [
  { vendor: "sqlite", open: async () => sqliteDatabase() },
];
