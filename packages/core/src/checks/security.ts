import type { Check, CheckMessage } from "@tsjango/kernel/checks";
import type { Settings } from "@tsjango/kernel/conf";
import type {} from "../settings.ts";

const SECRET_LENGTH = 50;
const DISTINCT = 5;

function* deployment(settings: Settings): Generator<CheckMessage> {
  const { secretKey, debug, allowedHosts } = settings;
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
];
