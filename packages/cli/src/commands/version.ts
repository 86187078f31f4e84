import { defineCommand } from "@tsjango/kernel/management";
import { version } from "../version.ts";

export default defineCommand({
  name: "version",
  description: "Prints the versions of tsjango and Node.",
  requires: "nothing",
  async run({ output }) {
    output.log(`tsjango ${version()}`);
    output.log(`Node ${process.versions.node}`);
  },
});
