/** Said where a table or column is missing. */
export const NOT_MIGRATED =
  'Have all migrations been applied? Run "tsjango migrate", with --database for another database than "default".';
