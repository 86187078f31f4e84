import { existsSync } from "node:fs";
import { compare } from "../harness.ts";
import { CASES } from "./cases.ts";
import { load } from "./load.ts";

// Arguments: words of cases and contenders to run; all where there are none. `ROUNDS` sets the number of rounds.
const all: Readonly<Record<string, string>> = {
  "node:http": "bare",
  tsjango: "tsjango",
  "tsjango with middleware": "tsjango-middleware",
  Fastify: "fastify",
  Hono: "hono",
  Express: "express",
  Nest: "nest",
  Adonis: "adonis",
};
const packages: Readonly<Record<string, string>> = {
  Hono: "@hono/node-server",
  Nest: "@nestjs/core",
  Adonis: "@adonisjs/core",
  Fastify: "fastify",
  Express: "express",
};
const installed = Object.entries(all).filter(
  ([name]) => packages[name] === undefined || existsSync(new URL(`../node_modules/${packages[name]}`, import.meta.url)),
);

for (const one of CASES) {
  if (process.argv.length > 2 && !process.argv.slice(2).some((word) => one.title.includes(word))) continue;
  await compare({
    title: `${one.title} over HTTP`,
    count: 8000,
    ...(process.env["ROUNDS"] && { rounds: Number(process.env["ROUNDS"]) }),
    load: (url, count) => load(url, count, one),
    contenders: Object.fromEntries(installed.map(([name, file]) => [name, new URL(`${file}.ts`, import.meta.url)])),
  });
}
