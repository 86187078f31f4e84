export type { Check, CheckLevel, CheckMessage } from "./check.ts";
export { isAtLeast, runChecks } from "./run-checks.ts";
