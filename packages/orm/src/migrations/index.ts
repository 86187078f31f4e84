export { Duration } from "../fields/duration.ts";
export type { ConditionState } from "./condition-state.ts";
export {
  fields,
  type HistoricDateOptions,
  type HistoricDecimalOptions,
  type HistoricManyToManyOptions,
  type HistoricOptions,
  type HistoricRelationOptions,
  type HistoricTextOptions,
} from "./fields.ts";
export { type AppliedStep, migrateAll, pendingMigrations } from "./migrate.ts";
export { type Migration, type MigrationKey, type MigrationOptions, migration } from "./migration.ts";
export type {
  HistoricManager,
  HistoricModel,
  HistoricRow,
  HistoricRows,
  MigrationDatabase,
} from "./migration-database.ts";
export { addField, alterField, type FillOptions, removeField, renameField } from "./operations/fields.ts";
export { addConstraint, addIndex, removeConstraint, removeIndex, renameIndex } from "./operations/indexes.ts";
export {
  type AlterModelOptions,
  alterModelOptions,
  alterModelTable,
  type CreateModelOptions,
  createModel,
  deleteModel,
  renameModel,
} from "./operations/models.ts";
export type { Operation, OperationContext } from "./operations/operation.ts";
export {
  addConstraintNotValid,
  addIndexConcurrently,
  btreeGinExtension,
  btreeGistExtension,
  type CollationOptions,
  createCollation,
  createExtension,
  cryptoExtension,
  removeCollation,
  removeIndexConcurrently,
  trigramExtension,
  unaccentExtension,
  validateConstraint,
} from "./operations/postgres.ts";
export {
  type MigrationCode,
  type RunCodeOptions,
  type RunSqlOptions,
  runCode,
  runSql,
  type SeparateOptions,
  type Statements,
  separateDatabaseAndState,
} from "./operations/special.ts";
export { type ConstraintState, type FieldState, type IndexState, type ModelState, ProjectState } from "./state.ts";
