import type { TestProject } from "vitest/node";
import { build, publishPackages } from "../../scripts/publish.ts";
import { startRegistryServer } from "../../scripts/registry-server.ts";
import { forgetAllNpx } from "./npx.ts";
import { temporaryDirectory } from "./temporary-directory.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** A user's npm configuration that names the throw-away registry. */
    npmrc: string;
    /** A directory that lasts for the run. */
    shared: string;
  }
}

/** Builds, packs and publishes once for all stories. */
export default async function setUp(project: TestProject): Promise<() => Promise<void>> {
  forgetAllNpx();
  build();
  const registry = await startRegistryServer();
  await publishPackages(registry);
  const shared = temporaryDirectory();
  project.provide("npmrc", registry.npmrc);
  project.provide("shared", shared.path);
  return async () => {
    shared[Symbol.dispose]();
    await registry[Symbol.asyncDispose]();
  };
}
