import { defineApp } from "tsjango/apps";

export default defineApp({
  name: "books",
  models: () => import("./models.ts"),
  commands: {
    loadbooks: { description: "Loads a few authors and their books.", load: () => import("./commands/loadbooks.ts") },
  },
});
