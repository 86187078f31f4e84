import { createServer } from "node:http";
import { ANSWER, work } from "./work.ts";

createServer((request, response) => {
  if (request.url === "/work") work();
  response.writeHead(200, { "content-length": ANSWER.length }).end(ANSWER);
}).listen(0, "127.0.0.1");
