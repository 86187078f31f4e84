import type { LazyCommand } from "@tsjango/kernel/management";

/** The commands of this package, loaded when they are called. */
export const commands: Readonly<Record<string, LazyCommand>> = {
  dbshell: {
    description: "Opens the database's own shell: sqlite3 or psql.",
    load: () => import("./dbshell.ts"),
  },
  dumpdata: {
    description: "Prints rows as JSON, which loaddata reads.",
    load: () => import("./dumpdata.ts"),
  },
  flush: {
    description: "Deletes all rows of all models; the tables and what is migrated stay.",
    load: () => import("./flush.ts"),
  },
  inspectdb: {
    description: "Prints models for the tables that a database has.",
    load: () => import("./inspectdb.ts"),
  },
  loaddata: {
    description: "Writes the rows of fixtures: of all of them, or of none.",
    load: () => import("./loaddata.ts"),
  },
  makemigrations: {
    description: "Writes migrations for what changed in the models.",
    load: () => import("./makemigrations.ts"),
  },
  migrate: {
    description: "Applies migrations to a database, or takes them back.",
    load: () => import("./migrate.ts"),
  },
  showmigrations: {
    description: "Shows all migrations, and which are applied.",
    load: () => import("./showmigrations.ts"),
  },
  optimizemigration: {
    description: "Writes a migration again with fewer operations that do the same.",
    load: () => import("./optimizemigration.ts"),
  },
  squashmigrations: {
    description: "Writes one migration that takes the place of several.",
    load: () => import("./squashmigrations.ts"),
  },
  sqlmigrate: {
    description: "Prints the SQL of a migration, without running it.",
    load: () => import("./sqlmigrate.ts"),
  },
};
