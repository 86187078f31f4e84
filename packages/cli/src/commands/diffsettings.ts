import { resolve } from "node:path";
import { inspect, isDeepStrictEqual } from "node:util";
import type { AppConfig } from "@tsjango/kernel/apps";
import { loadSettings, settingsDefaults } from "@tsjango/kernel/conf";
import { UsageError } from "@tsjango/kernel/exceptions";
import { defineCommand } from "@tsjango/kernel/management";
import { maskSecrets } from "@tsjango/kernel/utils";

/** A value as it may be printed: secrets masked, apps by name. */
function shown(key: string, value: unknown): unknown {
  const named =
    key === "installedApps" && Array.isArray(value) ? value.map(({ name }: AppConfig) => `app ${name}`) : value;
  return maskSecrets(named, key);
}

function text(key: string, value: unknown): string {
  return `${key} = ${inspect(shown(key, value), { depth: 6, breakLength: Number.POSITIVE_INFINITY, compact: 10 })}`;
}

function output(text: string): "hash" | "unified" {
  if (text === "hash" || text === "unified") return text;
  throw new UsageError(`--output takes "hash" or "unified"; found "${text}".`);
}

export default defineCommand({
  name: "diffsettings",
  description: "Prints the settings that differ from their defaults.",
  requires: "settings",
  options: {
    all: { flags: "--all", description: "all settings; those that have their default are marked by ###" },
    default: { flags: "--default <file>", description: "compare with another settings file, not with the defaults" },
    output: {
      flags: "--output <style>",
      description: '"hash", or "unified": the default after "-", the value after "+"',
      default: "hash" as const,
      parse: output,
    },
  },
  async run({ options, output, settings, project, cwd }) {
    const own: Readonly<Record<string, unknown>> = { ...settings };
    const others: Readonly<Record<string, unknown>> =
      options.default === undefined
        ? { ...settingsDefaults(settings.installedApps), installedApps: [] }
        : { ...(await loadSettings({ ...project, settingsFile: resolve(cwd, options.default) })) };
    for (const key of [...new Set([...Object.keys(own), ...Object.keys(others)])].sort()) {
      const same = isDeepStrictEqual(own[key], others[key]);
      if (same && !options.all) continue;
      const line = text(key, own[key]);
      if (options.output === "hash") output.log(same ? `### ${line}` : line);
      else if (same) output.log(`  ${line}`);
      else {
        if (others[key] !== undefined) output.log(output.style("red", `- ${text(key, others[key])}`));
        if (own[key] !== undefined) output.log(output.style("green", `+ ${line}`));
      }
    }
  },
});
