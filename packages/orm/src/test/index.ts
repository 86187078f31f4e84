export { onStatement } from "../transaction.ts";
export { type CaptureOnCommitOptions, captureOnCommit } from "./capture-on-commit.ts";
export { testHooks } from "./hooks.ts";
