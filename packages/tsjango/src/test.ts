export * from "@tsjango/cli/test";
export * from "@tsjango/core/test";
export {
  type CaptureOnCommitOptions,
  captureOnCommit,
  type Factory,
  type FactoryValues,
  type Fixture,
  type FixtureRow,
  factory,
} from "@tsjango/orm/test";
