import { createHash } from "node:crypto";
import { readdirSync } from "node:fs";
import core from "@tsjango/core/app";
import { getAsgiApplication } from "@tsjango/core/application";
import { FileResponse, type HttpRequest, HttpResponse, StreamingHttpResponse } from "@tsjango/core/http";
import { path, urls } from "@tsjango/core/urls";
import { settingsDefiner } from "@tsjango/kernel/conf";
import { createServer } from "../../src/index.ts";

/** What a process holds, once its garbage is collected. */
export interface Holding {
  readonly heap: number;
  readonly rss: number;
  readonly handles: number;
  readonly files: number;
  /** Views that have begun and not ended. */
  readonly views: number;
}

// A process that serves what the scenarios load; its first argument is a file to be downloaded.
let views = 0;

/** Counts a view until it is over, which its client's going must bring about. */
function counted(view: (request: HttpRequest) => Promise<HttpResponse>) {
  return async (request: HttpRequest) => {
    views++;
    try {
      return await view(request);
    } finally {
      views--;
    }
  };
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => signal.addEventListener("abort", () => resolve()));
}

async function* untilGone(request: HttpRequest) {
  views++;
  try {
    yield "first";
    await aborted(request.signal);
  } finally {
    views--;
  }
}

/** What came, so that whoever sent it can compare. */
async function measured(content: AsyncIterable<Uint8Array>): Promise<HttpResponse> {
  const hash = createHash("sha256");
  let size = 0;
  for await (const chunk of content) {
    size += chunk.byteLength;
    hash.update(chunk);
  }
  return new HttpResponse(`${size} ${hash.digest("hex")}`);
}

const urlpatterns = urls(
  path(
    "stream/",
    counted((request) => measured(request.stream())),
  ),
  path(
    "form/",
    counted(async (request) => {
      const file = (await request.form()).files.get("file");
      return file === undefined ? new HttpResponse("no file", { status: 400 }) : measured(file.stream());
    }),
  ),
  path("file/", () => new FileResponse(process.argv[2] as string)),
  path(
    "wait/",
    counted(async (request) => {
      await aborted(request.signal);
      return new HttpResponse();
    }),
  ),
  path("events/", (request) => new StreamingHttpResponse(untilGone(request))),
  path("", () => new HttpResponse("ok")),
);

const settings = settingsDefiner([core])({
  baseDir: import.meta.dirname,
  secretKey: "for tests",
  allowedHosts: ["127.0.0.1"],
  rootUrlconf: async () => ({ urlpatterns }),
  ...(process.argv[3] !== undefined && { fileUploadTempDir: process.argv[3] }),
});
const server = createServer(await getAsgiApplication(settings), { port: 0, onError: console.error });
process.send?.(await server.listen());

process.on("message", async () => {
  for (let round = 0; round < 3; round++) {
    await new Promise((resolve) => setTimeout(resolve, 20));
    (globalThis as { gc?: () => void }).gc?.();
  }
  const { heapUsed, rss } = process.memoryUsage();
  const holding: Holding = {
    heap: heapUsed,
    rss,
    handles: process.getActiveResourcesInfo().length,
    files: process.platform === "linux" ? readdirSync("/proc/self/fd").length : 0,
    views,
  };
  process.send?.(holding);
});
