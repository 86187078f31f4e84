import type { AsgiApplication } from "@tsjango/core/asgi";
import { ANSWER, work } from "./work.ts";

export const application: AsgiApplication = async (scope, _receive, send) => {
  if (scope.type !== "http") throw new Error("only http here");
  if (scope.path === "/work") work();
  const headers = [["content-length", String(ANSWER.length)]] as const;
  await send({ type: "http.response.start", status: 200, headers });
  await send({ type: "http.response.body", body: ANSWER });
};
