import { resolve } from "node:path";
import { checkImports } from "./import-rules.ts";
import { readSources } from "./module-graph.ts";
import { report } from "./report.ts";

/** Packages point one way, folders keep their levels, modules make no cycle. */
report("imports", checkImports(readSources(resolve(import.meta.dirname, ".."))));
