export type { Fixture, FixtureRow } from "../serialization/fixture.ts";
export { onStatement } from "../transaction.ts";
export { type CaptureOnCommitOptions, captureOnCommit } from "./capture-on-commit.ts";
export { type Factory, type FactoryValue, type FactoryValues, factory } from "./factory.ts";
export { testHooks } from "./hooks.ts";
