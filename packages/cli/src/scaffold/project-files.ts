import { randomBytes } from "node:crypto";
import { version } from "../version.ts";
import { isNodeSupported, NODE_PACKAGES } from "./node-runtime.ts";
import { type FileTree, readTemplate, templateDirectory } from "./template.ts";

/** What a project is made from. */
export interface ProjectOptions {
  readonly name: string;
  /** With the bookshop, an app to look at. */
  readonly example: boolean;
  /** The version of the Node that the project's maker has. */
  readonly nodeVersion: string;
}

interface Manifest {
  dependencies: Record<string, string>;
  optionalDependencies?: Record<string, string>;
}

/** All files of a new project. */
export function projectFiles({ name, example, nodeVersion }: ProjectOptions): FileTree {
  const files = readTemplate(templateDirectory("project"), "mysite", name);
  if (example) {
    for (const [path, content] of readTemplate(templateDirectory("example"), "mysite", name)) files.set(path, content);
  }
  files.set("package.json", manifest(files.get("package.json") as string, nodeVersion));
  files.set(".env", environment(files.get(".env.example") as string));
  return files;
}

function manifest(text: string, nodeVersion: string): string {
  const content = JSON.parse(text) as Manifest;
  content.dependencies["tsjango"] = `^${version()}`;
  if (!isNodeSupported(nodeVersion)) content.optionalDependencies = { ...NODE_PACKAGES };
  return `${JSON.stringify(content, null, 2)}\n`;
}

/** `.env` is the example with a secret of this project's own. */
function environment(example: string): string {
  return example
    .replace(
      /^# Copy.*\n/,
      "# Read whenever it is there; variables of the environment win. Keep it out of version control.\n",
    )
    .replace(/^SECRET_KEY=.*$/m, `SECRET_KEY=${randomBytes(48).toString("base64url")}`);
}
