import { DEFAULT_ALIAS } from "../../constants.ts";

/** Said where a table or column is missing. */
export const NOT_MIGRATED =
  'Have all migrations been applied? Run "tsjango migrate", with --database for another database than "default".';

/** What says the URL of a database. */
export function urlSetting(alias: string): string {
  return alias === DEFAULT_ALIAS ? "DATABASE_URL" : `settings.databases.${alias}.url`;
}
