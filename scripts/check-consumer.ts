import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";

const root = resolve(import.meta.dirname, "..");
const sources = join(root, "packages/orm/tests/consumer");

/**
 * Models in a package of npm, used by a project, both against the built declarations: what a user's compiler reads. The
 * package is compiled to declarations first, as its author publishes it.
 */
export function checkConsumer(): string[] {
  const directory = join(root, ".cache/consumer");
  const shop = join(directory, "node_modules/@example/shop");
  rmSync(directory, { recursive: true, force: true });
  mkdirSync(shop, { recursive: true });
  cpSync(join(sources, "shop"), join(directory, "shop"), { recursive: true });
  cpSync(join(sources, "project"), join(directory, "project"), { recursive: true });
  const common = { extends: "../../tsconfig.base.json", compilerOptions: { customConditions: [] } };
  const declared = { noEmit: false, declaration: true, emitDeclarationOnly: true, outDir: shop, rootDir: "shop" };
  write(join(directory, "tsconfig.json"), { ...common, include: ["project"] });
  write(join(directory, "tsconfig.shop.json"), {
    ...common,
    compilerOptions: { ...common.compilerOptions, ...declared },
    include: ["shop"],
  });
  write(join(shop, "package.json"), { name: "@example/shop", type: "module", exports: { types: "./models.d.ts" } });
  return [...tsc(join(directory, "tsconfig.shop.json")), ...tsc(join(directory, "tsconfig.json"))];
}

function write(file: string, content: object): void {
  writeFileSync(file, JSON.stringify(content));
}

function tsc(project: string): string[] {
  const { stdout, status } = spawnSync(join(root, "node_modules/.bin/tsc"), ["-p", project, "--pretty", "false"], {
    cwd: root,
    encoding: "utf8",
  });
  return status === 0 ? [] : stdout.split("\n").filter(Boolean);
}
