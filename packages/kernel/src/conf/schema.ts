import { fileURLToPath } from "node:url";
import { z } from "zod";
import type { AppConfig } from "../apps/app-config.ts";
import { InvalidSettings } from "../exceptions.ts";
import { loggingSchema } from "../logging/settings.ts";
import { describeValue, didYouMean, mayBeSecret } from "../utils/index.ts";

const kernelSchema = {
  baseDir: z
    .union([z.instanceof(URL), z.string()])
    .transform((value) => (typeof value === "string" && !value.startsWith("file:") ? value : fileURLToPath(value)))
    .transform((path) => (path.length > 1 ? path.replace(/[\\/]+$/, "") : path)),
  secretKey: z.string().min(1),
  secretKeyFallbacks: z.array(z.string().min(1)).default([]),
  debug: z.boolean().default(false),
  installedApps: z
    .array(z.custom<AppConfig>(isAppConfig, { error: 'expected an app: import blog from "../blog/app.ts"' }))
    .default([]),
  timeZone: z.literal("UTC").default("UTC"),
  silencedSystemChecks: z.array(z.string()).default([]),
  logging: loggingSchema,
  workerThreads: z
    .strictObject({ size: z.int().positive().optional(), idleTimeout: z.int().nonnegative().optional() })
    .default({}),
  custom: z.record(z.string(), z.unknown()).default({}),
};

function isAppConfig(value: unknown): value is AppConfig {
  return typeof value === "object" && value !== null && "label" in value && "path" in value;
}

/** Checks raw settings against the kernel's schema and those of `apps`; throws with every problem named. */
export function parseSettings(input: object, apps: readonly AppConfig[]): Record<string, unknown> {
  const schema = z.strictObject(Object.assign({}, kernelSchema, ...apps.map((app) => app.settings ?? {})));
  const result = schema.safeParse(input, { reportInput: true });
  // A setting that was not given is there, as undefined: reading it is no mistake.
  if (result.success) return { ...Object.fromEntries(Object.keys(schema.shape).map((key) => [key])), ...result.data };
  const problems = result.error.issues.flatMap((issue) => describeIssue(issue, Object.keys(schema.shape)));
  throw new InvalidSettings(`The settings are not valid:\n${problems.map((line) => `  - ${line}`).join("\n")}`, {
    cause: result.error,
  });
}

function describeIssue(issue: z.core.$ZodIssue, known: readonly string[]): string[] {
  const path = issue.path.reduce<string>(
    (text, part) =>
      typeof part === "number" ? `${text}[${part}]` : text === "" ? String(part) : `${text}.${String(part)}`,
    "",
  );
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key) => {
      const where = path === "" ? key : `${path}.${key}`;
      const hint = path === "" ? didYouMean(key, known) || ` Settings of your own go under "custom".` : "";
      return `${where}: there is no such setting.${hint}`;
    });
  }
  const expected = issue.code === "invalid_type" ? `expected ${issue.expected}` : issue.message;
  return [`${path}: ${expected}, found ${mayBeSecret(path) ? "another value" : describeValue(issue.input)}.`];
}

/** Every setting as it is where a project says nothing of it; those that must be given are undefined. */
export function settingsDefaults(apps: readonly AppConfig[]): Record<string, unknown> {
  const schema = z.object(Object.assign({}, kernelSchema, ...apps.map((app) => app.settings ?? {})));
  const fields = Object.entries(schema.shape as Record<string, z.ZodType>);
  return Object.fromEntries(fields.map(([key, type]) => [key, type.safeParse(undefined).data]));
}
