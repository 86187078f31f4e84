export { type AtomicOptions, atomic, atomicHarness, type UsingOptions } from "./transaction/atomic.ts";
export { setSlowQueryThreshold } from "./transaction/observe.ts";
export {
  commitCallbacks,
  getRollback,
  inAtomicBlock,
  type OnCommitOptions,
  onCommit,
  setRollback,
} from "./transaction/on-commit.ts";
export { rolledBack, sandbox } from "./transaction/sandbox.ts";
export {
  onStatement,
  onStatementSettled,
  runStatement,
  runStatementSync,
  streamStatement,
} from "./transaction/statements.ts";
