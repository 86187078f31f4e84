export * from "@tsjango/cli/test";
export * from "@tsjango/core/test";
export { type CaptureOnCommitOptions, captureOnCommit } from "@tsjango/orm/test";
