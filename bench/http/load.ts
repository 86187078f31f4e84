import { connect } from "node:net";
import type { Case } from "./cases.ts";

const CONNECTIONS = 32;

/** Makes `count` requests over kept-alive connections, one at a time on each, and checks every answer. */
export async function load(url: string, count: number, { method, path, body, answer }: Case): Promise<void> {
  const { hostname, port } = new URL(url);
  const content = body === undefined ? "" : `Content-Type: application/json\r\nContent-Length: ${body.length}\r\n`;
  const request = Buffer.from(`${method} ${path} HTTP/1.1\r\nHost: ${hostname}:${port}\r\n${content}\r\n${body ?? ""}`);
  let left = count;
  const connection = () =>
    new Promise<void>((resolve, reject) => {
      const socket = connect(Number(port), hostname);
      let received = "";
      const next = () => {
        if (left <= 0) {
          socket.destroy();
          resolve();
          return;
        }
        left--;
        socket.write(request);
      };
      socket.setEncoding("latin1");
      socket.setNoDelay(true);
      socket.on("connect", next);
      socket.on("error", reject);
      socket.on("close", () => reject(new Error("the server closed a connection")));
      socket.on("data", (chunk: string) => {
        received += chunk;
        const end = received.indexOf("\r\n\r\n");
        if (end < 0) return;
        if (!received.startsWith("HTTP/1.1 200")) reject(new Error(received.slice(0, 500)));
        const length = Number(/\r\ncontent-length: (\d+)/i.exec(received)?.[1]);
        if (Number.isNaN(length)) reject(new Error("an answer without Content-Length"));
        if (received.length < end + 4 + length) return;
        if (received.slice(end + 4, end + 4 + length) !== answer) reject(new Error(`another answer: ${received}`));
        received = received.slice(end + 4 + length);
        next();
      });
    });
  await Promise.all(Array.from({ length: CONNECTIONS }, connection));
}
