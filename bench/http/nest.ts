import "reflect-metadata";
import { Body, Controller, Get, Header, HttpCode, Module, Param, Post } from "@nestjs/common";
import { NestFactory } from "@nestjs/core";
import type { Contender } from "../harness.ts";
import { OTHER_ROUTES } from "./cases.ts";
import { versionOf } from "./listen.ts";

class Pages {
  plaintext(): string {
    return "Hello, world!";
  }
  json(): object {
    return { message: "Hello, world!" };
  }
  post(params: { id: string; slug: string }): object {
    return { id: Number(params.id), slug: params.slug };
  }
  echo(body: object): object {
    return body;
  }
  other(id: string): string {
    return id;
  }
}

/** What `@Get("…") method()` does; Node runs no decorators. */
function decorate(method: keyof Pages, ...decorators: readonly MethodDecorator[]): void {
  const descriptor = Object.getOwnPropertyDescriptor(Pages.prototype, method) as PropertyDescriptor;
  for (const decorator of decorators) decorator(Pages.prototype, method, descriptor);
}

class App {}

/** Nest on Express, its default. */
export async function start(): Promise<Contender> {
  decorate("plaintext", Get("plaintext"), Header("content-type", "text/plain; charset=utf-8"));
  decorate("json", Get("json"));
  decorate("post", Get("users/:id/posts/:slug"));
  Param()(Pages.prototype, "post", 0);
  decorate("echo", Post("echo"), HttpCode(200));
  Body()(Pages.prototype, "echo", 0);
  decorate("other", Get(OTHER_ROUTES.map((name) => `${name}/:id`)));
  Param("id")(Pages.prototype, "other", 0);
  Controller()(Pages);
  Module({ controllers: [Pages] })(App);
  const app = await NestFactory.create(App, { logger: false });
  await app.listen(0, "127.0.0.1");
  return {
    url: await app.getUrl(),
    version: versionOf("@nestjs/core"),
    async stop() {
      await app.close();
    },
  };
}
