import { existsSync } from "node:fs";
import { type Browser, chromium } from "playwright-core";
import { test } from "vitest";

/** Debian's; `.ci/run` installs it. */
const executablePath = process.env["CHROMIUM"] ?? "/usr/bin/chromium";

const missing = `Stories in a browser need Chromium at ${executablePath}: apt-get install chromium, or set CHROMIUM.`;
const hasBrowser = existsSync(executablePath);
if (!hasBrowser) console.warn(missing);

/** A test that needs a browser: left out on a machine that has none, failing there in CI. */
export const browserStory = test.skipIf(!hasBrowser && process.env["CI"] !== "true");

/** A headless Chromium that speaks to nobody but the page's server. */
export function openBrowser(): Promise<Browser> {
  if (!hasBrowser) throw new Error(missing);
  const args =
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update --disable-sync";
  return chromium.launch({ executablePath, args: args.split(" ") });
}
