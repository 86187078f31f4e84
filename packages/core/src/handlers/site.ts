import type { Settings } from "@tsjango/kernel/conf";
import type { StaticFiles } from "../staticfiles/static-files.ts";
import type { TemplateEngine } from "../template/engine.ts";
import type { UrlResolver } from "../urls/resolver.ts";

/** What a running site is made of. */
export interface Site {
  readonly settings: Settings;
  readonly resolver: UrlResolver;
  readonly templates: TemplateEngine;
  readonly staticFiles: StaticFiles;
}
