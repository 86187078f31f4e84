export { ValidationError, type ValidationIssue } from "@tsjango/kernel/exceptions";
export type { Isolation } from "./backends/base/connection.ts";
export type { PostgresOptions, SqliteOptions } from "./backends/base/options.ts";
export { type Connections, connections, type DatabaseOptions, type FetchMode } from "./connections.ts";
export {
  DatabaseError,
  DatabaseUnavailable,
  DataError,
  FieldError,
  FieldFetchBlocked,
  FieldValueError,
  FixtureError,
  IntegrityError,
  InterfaceError,
  InternalError,
  LockTimeout,
  ModelError,
  NotSupportedError,
  ObjectNotUpdated,
  OperationalError,
  PoolTimeout,
  ProgrammingError,
  ProtectedError,
  QueryAborted,
  QueryCanceled,
  QueryError,
  ReadOnlyError,
  RestrictedError,
  RowsReferredError,
  SignalError,
  TransactionConflictError,
  TransactionManagementError,
  UntrustedInputError,
} from "./exceptions.ts";
export {
  AnyValue,
  Avg,
  Count,
  Max,
  Min,
  type SpreadOptions,
  StdDev,
  StringAgg,
  Sum,
  Variance,
} from "./expressions/aggregates.ts";
export type { ArithmeticNode, CallNode, InZone, JsonNode, Outer } from "./expressions/arithmetic.types.ts";
export { Case, When } from "./expressions/case.ts";
export { Cast, Collate } from "./expressions/cast.ts";
export {
  Extract,
  ExtractDay,
  ExtractHour,
  ExtractIsoWeekDay,
  ExtractIsoYear,
  ExtractMinute,
  ExtractMonth,
  ExtractQuarter,
  ExtractSecond,
  ExtractWeek,
  ExtractWeekDay,
  ExtractYear,
  Trunc,
  TruncDate,
  TruncDay,
  TruncHour,
  TruncMinute,
  TruncMonth,
  TruncQuarter,
  TruncSecond,
  TruncTime,
  TruncWeek,
  TruncYear,
} from "./expressions/date-functions.ts";
export type { Expression, FieldFrom, OfPath, Ordering } from "./expressions/expression.types.ts";
export { FilteredRelation, type FilteredRelationType, type RelationName } from "./expressions/filtered-relation.ts";
export { type Frame, type FrameOptions, RowRange, ValueRange } from "./expressions/frame.ts";
export { Abs, Coalesce, Concat, Greatest, Least, Length, Lower, Now, NullIf, Upper } from "./expressions/functions.ts";
export { JSONArray, JSONObject, UUID4, UUID7 } from "./expressions/json-functions.ts";
export {
  ACos,
  ASin,
  ATan,
  ATan2,
  Ceil,
  Cos,
  Cot,
  Degrees,
  Exp,
  Floor,
  Ln,
  Log,
  Mod,
  Pi,
  Power,
  Radians,
  Random,
  Round,
  Sign,
  Sin,
  Sqrt,
  Tan,
} from "./expressions/math-functions.ts";
export { F, OuterRef, Value } from "./expressions/references.ts";
export type {
  Aggregate,
  AggregateOptions,
  Call,
  CountOptions,
  StringAggOptions,
  WhenType,
  WindowOptions,
} from "./expressions/source.types.ts";
export { Func, type Sql, SqlFragment, sql } from "./expressions/sql.ts";
export { Exists, type ExistsType, Subquery } from "./expressions/subquery.ts";
export {
  Chr,
  Left,
  LPad,
  LTrim,
  MD5,
  Ord,
  Repeat,
  Replace,
  Reverse,
  Right,
  RPad,
  RTrim,
  SHA1,
  SHA224,
  SHA256,
  SHA384,
  SHA512,
  StrIndex,
  Substr,
  Trim,
} from "./expressions/text-functions.ts";
export type { TimeZoneOptions } from "./expressions/time-zone.ts";
export { Window } from "./expressions/window.ts";
export {
  CumeDist,
  DenseRank,
  FirstValue,
  Lag,
  LastValue,
  Lead,
  NthValue,
  Ntile,
  type OffsetOptions,
  PercentRank,
  Rank,
  RowNumber,
} from "./expressions/window-functions.ts";
export { BinaryField } from "./fields/binary.ts";
export { type ChoiceOf, type Choices, choices, type NumberChoices } from "./fields/choices.ts";
export { customField } from "./fields/custom.ts";
export { DateField, DateTimeField, DurationField, TimeField } from "./fields/dates.ts";
export { Duration, type DurationParts } from "./fields/duration.ts";
export { type CommonOptions, Field, type FieldProblem } from "./fields/field.ts";
export type {
  BinaryFieldOptions,
  CompositeKeyType,
  DateFieldOptions,
  DecimalFieldOptions,
  FieldOptions,
  Fields,
  FieldType,
  FieldWith,
  FilePathFieldOptions,
  ForeignKeyType,
  GeneratedFieldOptions,
  IpAddressFieldOptions,
  Kind,
  ManyToManyFieldOptions,
  ManyToManyType,
  NumberFieldOptions,
  RelatedOneType,
  RelatedType,
  RelationFieldOptions,
  SlugFieldOptions,
  TextFieldOptions,
} from "./fields/field.types.ts";
export { fields } from "./fields/fields.ts";
export type { StandardSchema } from "./fields/json.ts";
export { JsonField } from "./fields/json.ts";
export {
  BigIntegerField,
  BooleanField,
  DecimalField,
  FloatField,
  IntegerField,
  SmallIntegerField,
} from "./fields/numbers.ts";
export type { OnDelete } from "./fields/relations.ts";
export { CharField, EmailField, IpAddressField, SlugField, TextField, UrlField, UuidField } from "./fields/text.ts";
export { type Validator, type ValidatorOptions, validators } from "./fields/validators.ts";
export type { GetListOr404, GetObjectOr404 } from "./http/shortcuts.types.ts";
export { Lookup, type Operand, registerLookup, registerTransform, Transform } from "./lookups/custom.ts";
export type { Meta } from "./models/meta.types.ts";
export { Model, manager, meta, Q } from "./models/model.ts";
export type {
  AbstractInstance,
  AbstractModel,
  AnyManager,
  AnyModel,
  CreateInput,
  Instance,
  InstanceOf,
  Lazy,
  ModelClass,
  ModelClassWith,
  ModelStatics,
  PkOf,
  Register,
  Related,
  SaveOptions,
  ShapeOf,
  UserModel,
  UserRef,
} from "./models/model.types.ts";
export type { Condition, QType } from "./query/condition.types.ts";
export type { DatesOptions, DateTimesOptions } from "./query/dates.ts";
export type { Deleted } from "./query/deletion.ts";
export type { Load, LoadedRows, PrefetchType } from "./query/load.types.ts";
export type { CustomLookups, CustomTransforms, NoSuchLookup } from "./query/lookup.types.ts";
export type { ManagerOf, ManagerType, RelatedManagerType, ThroughManagerType } from "./query/manager.types.ts";
export type { NoSuchField, OrderOf, PathOf, RelationOf } from "./query/path.types.ts";
export { Prefetch } from "./query/prefetch.ts";
export type {
  ColumnOf,
  Deferred,
  DeferredAlong,
  DeferredOf,
  Only,
  OnlyAlong,
  OnlyOf,
  QueriesOf,
  QuerySet,
  QuerySetLike,
  QuerySetOf,
  QuerySetType,
  RawRowsType,
} from "./query/query-set.types.ts";
export type { RawOptions } from "./query/raw.ts";
export {
  type Allowed,
  type FromUser,
  type PlainValue,
  type Untrusted,
  type UntrustedOptions,
  untrusted,
} from "./query/untrusted.ts";
export type { DatabaseRouter, RouterHints } from "./routers.ts";
export {
  type ConnectOptions,
  classPrepared,
  type LinkAction,
  type ModelPayloads,
  type ModelSignal,
  m2mChanged,
  postDelete,
  postInit,
  postSave,
  preDelete,
  preInit,
  preSave,
} from "./signals.ts";
export { type KyselyOptions, kysely } from "./sql/kysely.ts";
export type { KyselyTables } from "./sql/kysely.types.ts";
export type { LockOptions } from "./sql/query.ts";
export {
  type AtomicOptions,
  atomic,
  getRollback,
  inAtomicBlock,
  type OnCommitOptions,
  onCommit,
  setRollback,
  type UsingOptions,
} from "./transaction.ts";
