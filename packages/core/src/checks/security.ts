import { ALLOW_ASYNC_UNSAFE, isAsyncUnsafeAllowed } from "@tsjango/kernel/async";
import type { Check, CheckMessage } from "@tsjango/kernel/checks";
import type { Settings } from "@tsjango/kernel/conf";
import type {} from "../settings.ts";

const ASYNC_UNSAFE: CheckMessage = {
  level: "error",
  id: "async.E001",
  message: `You should not set the ${ALLOW_ASYNC_UNSAFE} environment variable in deployment. This disables async safety protection.`,
  hint: "Remove it, and await what it lets through, or wrap it with syncToAsync.",
};
const SECRET_LENGTH = 50;
const DISTINCT = 5;

/** What a site misses that has no such middleware. */
const MISSING: readonly (readonly [string, string, string, string])[] = [
  [
    "security.W001",
    "security",
    "security() is not in the middleware.",
    "Its headers make browsers careful: put it first.",
  ],
  [
    "security.W002",
    "frameOptions",
    "Neither security() nor clickjacking() sends X-Frame-Options.",
    "Other sites can show this one in a frame and have visitors click what they do not see.",
  ],
  [
    "security.W003",
    "csrf",
    "csrf() is not in the middleware.",
    "Other sites can send forms in the name of a visitor who is logged in.",
  ],
];

function* rings({ middleware }: Settings): Generator<CheckMessage> {
  const provided = new Set(middleware.flatMap((ring) => ring.provides ?? []));
  for (const [id, part, message, hint] of MISSING) {
    if (!provided.has(part)) yield { level: "warning", id, message, hint };
  }
}

function* deployment(settings: Settings): Generator<CheckMessage> {
  const { secretKey, debug, allowedHosts } = settings;
  yield* rings(settings);
  for (const ring of settings.middleware) yield* ring.deploymentChecks?.(settings) ?? [];
  if (secretKey.length < SECRET_LENGTH || new Set(secretKey).size < DISTINCT || secretKey.startsWith("insecure-")) {
    yield {
      level: "warning",
      id: "security.W009",
      message: `secretKey has less than ${SECRET_LENGTH} characters, less than ${DISTINCT} different ones, or starts with "insecure-".`,
      hint: "Generate a long random one: what it signs can be forged otherwise.",
    };
  }
  if (debug) {
    yield {
      level: "warning",
      id: "security.W018",
      message: "debug is true in deployment.",
      hint: "Set DEBUG=false: error pages show source code and settings.",
    };
  }
  if (allowedHosts.length === 0) {
    yield {
      level: "warning",
      id: "security.W020",
      message: "allowedHosts is empty in deployment.",
      hint: "Set ALLOWED_HOSTS to the names of the site; without, every request is answered with 400.",
    };
  }
}

/** Checks for `check --deploy`, with Django's ids. */
export const securityChecks: readonly Check[] = [
  { tags: ["security"], deploy: true, run: (settings) => [...deployment(settings)] },
  {
    tags: ["security"],
    run: (settings) => settings.middleware.flatMap((ring) => [...(ring.checks?.(settings) ?? [])]),
  },
  {
    tags: ["async_support"],
    deploy: true,
    run: () => (isAsyncUnsafeAllowed() ? [ASYNC_UNSAFE] : []),
  },
];
