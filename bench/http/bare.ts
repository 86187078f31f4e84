import { createServer, type ServerResponse } from "node:http";
import type { Contender } from "../harness.ts";
import { listen } from "./listen.ts";

function send(response: ServerResponse, type: string, body: string): void {
  response.writeHead(200, { "content-type": type, "content-length": Buffer.byteLength(body) });
  response.end(body);
}

const POST = /^\/users\/(\d+)\/posts\/([^/]+)$/;

/** node:http with nothing on top: the floor. */
export function start(): Promise<Contender> {
  const server = createServer((request, response) => {
    const url = request.url as string;
    if (url === "/plaintext") send(response, "text/plain; charset=utf-8", "Hello, world!");
    else if (url === "/json") send(response, "application/json", JSON.stringify({ message: "Hello, world!" }));
    else if (url === "/echo") {
      const chunks: Buffer[] = [];
      request.on("data", (chunk: Buffer) => chunks.push(chunk));
      request.on("end", () => {
        const data: unknown = JSON.parse(Buffer.concat(chunks).toString());
        send(response, "application/json", JSON.stringify(data));
      });
    } else {
      const match = POST.exec(url);
      send(response, "application/json", JSON.stringify({ id: Number(match?.[1]), slug: match?.[2] }));
    }
  });
  return listen(server, process.version);
}
