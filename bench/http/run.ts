import { compare } from "../harness.ts";
import { load } from "./load.ts";

await compare({
  title: "plaintext over HTTP",
  count: 8000,
  load,
  contenders: {
    "node:http": new URL("bare.ts", import.meta.url),
    Fastify: new URL("fastify.ts", import.meta.url),
    tsjango: new URL("tsjango.ts", import.meta.url),
    "tsjango with middleware": new URL("tsjango-middleware.ts", import.meta.url),
  },
});
