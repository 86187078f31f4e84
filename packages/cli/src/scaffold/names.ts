import { builtinModules } from "node:module";
import { ScaffoldError } from "./scaffold-error.ts";

const NAME = /^[a-z][a-z0-9_]*$/;
const LONGEST = 50;

/** Names that a project's own imports, folders or scripts need for something else. */
const TAKEN = new Set([
  "tsjango",
  "test",
  "tests",
  "typescript",
  "vitest",
  "node_modules",
  "static",
  "templates",
  "dist",
]);

const RESERVED = new Set(
  (
    "arguments await break case catch class const continue debugger default delete do else enum eval export extends " +
    "false finally for function if implements import in instanceof interface let new null package private protected " +
    "public return static super switch this throw true try typeof undefined var void while with yield"
  ).split(" "),
);

/**
 * Refuses a name that cannot be a folder, a package and an identifier at once.
 * @throws ScaffoldError (exit code 1) naming the reason.
 */
export function checkName(name: string, what: "project" | "app"): void {
  const reason = reasonAgainst(name);
  if (reason !== undefined) throw new ScaffoldError(`"${name}" cannot be the name of ${article(what)}: ${reason}`);
}

function article(what: "project" | "app"): string {
  return what === "app" ? "an app" : "a project";
}

function reasonAgainst(name: string): string | undefined {
  if (!NAME.test(name)) {
    const proposal = propose(name);
    const example = proposal === undefined ? "" : ` Try "${proposal}".`;
    return `a name is lower-case letters, digits and "_", and starts with a letter.${example}`;
  }
  if (name.length > LONGEST) return `it has ${name.length} letters, and ${LONGEST} are the most.`;
  if (builtinModules.includes(name)) return `"node:${name}" is a module of Node. Take another, such as "my_${name}".`;
  if (RESERVED.has(name)) return `"${name}" is a word of the language. Take another, such as "my_${name}".`;
  if (TAKEN.has(name)) return `a project uses "${name}" for something else. Take another, such as "my_${name}".`;
  return undefined;
}

function propose(name: string): string | undefined {
  const proposal = name
    .replaceAll(/([a-z0-9])([A-Z])/g, "$1_$2")
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "_")
    .replaceAll(/^[^a-z]+|_+$/g, "");
  return NAME.test(proposal) && proposal.length <= LONGEST ? proposal : undefined;
}
