import { main } from "../../src/index.ts";

await main(process.argv.slice(2), {
  builtinApps: async () => [(await import("@tsjango/core/app")).default],
  version: "9.8.7",
});
