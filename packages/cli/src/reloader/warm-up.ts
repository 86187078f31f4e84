import { stripTypeScriptTypes } from "node:module";
import coreApp from "@tsjango/core/app";
import { createTemplateEngine } from "@tsjango/core/template";
import { settingsDefiner } from "@tsjango/kernel/conf";
import { createServer } from "@tsjango/server";

const TEMPLATE = `{% if a %}{{ a|upper }}{% else %}{% for b in c %}{{ b.d }}{% empty %}{{ e }}{% endfor %}{% endif %}
{% with x=1 %}{{ x }}{% endwith %}`;

/**
 * Runs what the start of each site runs, for no site: settings, templates, a server that does not listen. What V8 has to
 * compile for it, and what strips types, is ready then. It leaves nothing in force.
 */
export async function warmUp(): Promise<void> {
  warmTypeStripping();
  const settings = settingsDefiner([coreApp])({ baseDir: "/", secretKey: "of nobody", debug: true });
  await createTemplateEngine(settings).renderText(TEMPLATE, { c: [{ d: 1 }] });
  createServer(async () => undefined, { lifespan: "off" });
}

/** Node warns of the function, not of the loader that uses it. */
function warmTypeStripping(): void {
  const { emitWarning } = process;
  process.emitWarning = () => undefined;
  try {
    stripTypeScriptTypes("const ready: boolean = true;");
  } finally {
    process.emitWarning = emitWarning;
  }
}
