import { createServer } from "node:http";
import { ANSWER, spin } from "./spin.ts";

createServer((request, response) => {
  if (request.url === "/work") spin(5);
  response.writeHead(200, { "content-length": ANSWER.length }).end(ANSWER);
}).listen(0, "127.0.0.1");
