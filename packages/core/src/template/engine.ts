import { join, resolve } from "node:path";
import type { Settings } from "@tsjango/kernel/conf";
import { ImproperlyConfigured } from "@tsjango/kernel/exceptions";
import { Liquid } from "liquidjs";
import { escapeHtml } from "../utils/escape-html.ts";

export interface TemplateEngine {
  has(name: string): Promise<boolean>;
  render(name: string, context?: object): Promise<string>;
}

export function createTemplateEngine(settings: Settings): TemplateEngine {
  const root = [
    ...settings.templates.dirs.map((directory) => resolve(settings.baseDir, directory)),
    ...settings.installedApps.map((app) => join(app.path, "templates")),
  ];
  const liquid = new Liquid({ root, cache: !settings.debug, outputEscape: (value) => escapeHtml(String(value ?? "")) });
  return {
    async has(name) {
      return liquid.parseFile(name).then(
        () => true,
        () => false,
      );
    },
    async render(name, context = {}) {
      return liquid.renderFile(name, context);
    },
  };
}

let active: TemplateEngine | undefined;

export function setTemplateEngine(engine: TemplateEngine): void {
  active = engine;
}

export function getTemplateEngine(): TemplateEngine {
  if (active !== undefined) return active;
  throw new ImproperlyConfigured(
    "The templates are not set up yet: the application is made by getAsgiApplication(settings).",
  );
}
