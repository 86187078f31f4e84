import { mkdtemp, readdir, readlink, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { FileResponse, type FileResponseOptions, type FileSource } from "@tsjango/core/http";
import { path, urls } from "@tsjango/core/urls";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { makeSite } from "../support/site.ts";
import { transports } from "../support/transports.ts";

let directory: string;
let file: string;
const DATA = Buffer.from(Array.from({ length: 200_000 }, (_, index) => index % 251));
const MODIFIED = new Date("2026-01-02T03:04:05.678Z");

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "tsjango-files-"));
  file = join(directory, "data.bin");
  await writeFile(file, DATA);
  await utimes(file, MODIFIED, MODIFIED);
});
afterAll(() => rm(directory, { recursive: true, force: true }));

/** The files below the directory that this process has open. */
async function openFiles(): Promise<string[]> {
  const links = await readdir("/proc/self/fd");
  const targets = await Promise.all(links.map((link) => readlink(`/proc/self/fd/${link}`).catch(() => "")));
  return targets.filter((target) => target.startsWith(directory));
}

describe.each(transports)("%s", (_name, open) => {
  async function get(init: RequestInit = {}, source: () => FileSource = () => file, options?: FileResponseOptions) {
    const { application, logged } = await makeSite(urls(path("", () => new FileResponse(source(), options))));
    const transport = await open(application);
    const response = await transport.fetch("/", init);
    const body = Buffer.from(await response.arrayBuffer());
    expect(transport.errors).toEqual([]);
    return { status: response.status, headers: response.headers, body, logged };
  }
  const range = (value: string, more: Record<string, string> = {}) => get({ headers: { range: value, ...more } });

  test("a file is sent whole, with its length, type, date and tag", async () => {
    const { status, headers, body } = await get();
    expect([status, body.equals(DATA)]).toEqual([200, true]);
    expect(Object.fromEntries(headers)).toMatchObject({
      "accept-ranges": "bytes",
      "content-length": "200000",
      "content-type": "application/octet-stream",
      "last-modified": "Fri, 02 Jan 2026 03:04:05 GMT",
    });
    expect(headers.get("etag")).toMatch(/^"30d40-[0-9a-f]+"$/);
    const head = await get({ method: "HEAD" });
    expect([head.status, head.body.byteLength, head.headers.get("content-length")]).toEqual([200, 0, "200000"]);
    expect((await get({}, () => pathToFileURL(file))).body.equals(DATA)).toBe(true);
  });

  test.each<[string, number, string | null, [number, number]?]>([
    ["bytes=0-0", 206, "bytes 0-0/200000", [0, 1]],
    ["bytes=100-199", 206, "bytes 100-199/200000", [100, 200]],
    ["bytes=-5", 206, "bytes 199995-199999/200000", [199_995, 200_000]],
    ["bytes=199990-", 206, "bytes 199990-199999/200000", [199_990, 200_000]],
    ["bytes=199990-999999999", 206, "bytes 199990-199999/200000", [199_990, 200_000]],
    ["bytes=200000-", 416, "bytes */200000"],
    ["bytes=-0", 416, "bytes */200000"],
    ["bytes=9-3", 416, "bytes */200000"],
    ["bytes=a", 200, null],
    ["bytes=99999999999999999999-", 416, "bytes */200000"],
    ["items=0-1", 200, null],
    ["bytes", 200, null],
    ["bytes=0-9,5-20", 200, null],
    [`bytes=${Array.from({ length: 9 }, (_, index) => `${index * 2}-${index * 2}`).join(",")}`, 200, null],
    [`bytes=${"0-0,".repeat(1000)}0-0`, 200, null],
  ])("the range %s is answered with %i", async (value, status, contentRange, slice) => {
    const response = await range(value);
    expect([response.status, response.headers.get("content-range")]).toEqual([status, contentRange]);
    if (slice !== undefined) expect(response.body.equals(DATA.subarray(...slice))).toBe(true);
    if (status === 200) expect(response.body.byteLength).toBe(DATA.byteLength);
    if (status === 416) expect(response.body.byteLength).toBe(0);
  });

  test("several ranges go as parts, with the length told", async () => {
    const response = await range("bytes=0-1, 10-11");
    const boundary = /^multipart\/byteranges; boundary=(\S+)$/.exec(response.headers.get("content-type") ?? "")?.[1];
    const head = (at: string) =>
      `--${boundary}\r\nContent-Type: application/octet-stream\r\nContent-Range: bytes ${at}/200000\r\n\r\n`;
    expect(response.status).toBe(206);
    expect(response.body.toString("latin1")).toBe(
      `\r\n${head("0-1")}\x00\x01\r\n${head("10-11")}\x0a\x0b\r\n--${boundary}--\r\n`,
    );
  });

  test("conditions: 304, 412, and ranges of what is still the same", async () => {
    const { headers } = await get();
    const [etag, modified] = [headers.get("etag") as string, headers.get("last-modified") as string];
    const status = async (given: Record<string, string>) => (await get({ headers: given })).status;
    const unchanged = await get({ headers: { "if-none-match": `W/${etag}` } });
    expect([unchanged.status, unchanged.body.byteLength, unchanged.headers.get("etag")]).toEqual([304, 0, etag]);
    expect(await status({ "if-modified-since": modified })).toBe(304);
    expect(await status({ "if-modified-since": "Thu, 01 Jan 2026 00:00:00 GMT" })).toBe(200);
    expect(await status({ "if-match": '"other"' })).toBe(412);
    expect(await status({ "if-unmodified-since": "Thu, 01 Jan 2026 00:00:00 GMT" })).toBe(412);
    const ifRange = async (value: string) => (await range("bytes=0-0", { "if-range": value })).status;
    expect([await ifRange(etag), await ifRange(modified), await ifRange('"other"'), await ifRange("x")]).toEqual([
      206, 206, 200, 200,
    ]);
  });

  test("attachments are named, in any language", async () => {
    const disposition = async (options: FileResponseOptions, source?: () => FileSource) =>
      (await get({}, source, options)).headers.get("content-disposition");
    expect(await disposition({})).toBeNull();
    expect(await disposition({ asAttachment: true })).toBe('attachment; filename="data.bin"');
    expect(await disposition({ filename: 'a"b.txt' })).toBe('inline; filename="a\\"b.txt"');
    expect(await disposition({ asAttachment: true, filename: "é’(1).pdf" })).toBe(
      "attachment; filename*=utf-8''%C3%A9%E2%80%99%281%29.pdf",
    );
    expect(await disposition({ asAttachment: true, filename: "a\r\nb: c" })).toBe(
      "attachment; filename*=utf-8''a%0D%0Ab%3A%20c",
    );
    expect(await disposition({ asAttachment: true }, () => new Uint8Array())).toBe("attachment");
  });

  test("bytes at hand and web files have ranges, too", async () => {
    const bytes = await get({ headers: { range: "bytes=1-2" } }, () => DATA, { contentType: "image/png" });
    expect([bytes.status, [...bytes.body], bytes.headers.get("content-type")]).toEqual([206, [1, 2], "image/png"]);
    const blob = await get({}, () => new File(["hello"], "h.txt", { type: "text/plain" }));
    expect([blob.body.toString(), blob.headers.get("content-type")]).toEqual(["hello", "text/plain"]);
    expect((await get({}, () => new Uint8Array())).headers.get("content-length")).toBe("0");
  });

  test("no file, and a directory, are 404", async () => {
    expect((await get({}, () => join(directory, "none"))).status).toBe(404);
    expect((await get({}, () => directory)).status).toBe(404);
    expect((await get({}, () => join(file, "below"))).status).toBe(404);
  });

  test("the file is closed when it was sent, when it was not, and when the client goes", async () => {
    const big = join(directory, "big.bin");
    await writeFile(big, Buffer.alloc(20_000_000));
    const { application } = await makeSite(urls(path("", () => new FileResponse(big))));
    const transport = await open(application);
    for (let round = 0; round < 5; round++) {
      const reader = (await transport.fetch("/")).body?.getReader();
      await reader?.read();
      if (round === 0) expect(await openFiles()).toHaveLength(1);
      await reader?.cancel();
      await transport.fetch("/", { method: "HEAD" });
      await (await transport.fetch("/", { headers: { range: "bytes=0-9" } })).arrayBuffer();
    }
    await expect.poll(openFiles).toEqual([]);
  });
});

test("any single range is the slice that it names", async () => {
  const { application } = await makeSite(urls(path("", () => new FileResponse(DATA.subarray(0, 100)))));
  const transport = await transports[0][1](application);
  const check = fc.asyncProperty(fc.nat(120), fc.nat(120), async (start, end) => {
    const response = await transport.fetch("/", { headers: { range: `bytes=${start}-${end}` } });
    const body = new Uint8Array(await response.arrayBuffer());
    if (start > end || start >= 100) expect([response.status, body.byteLength]).toEqual([416, 0]);
    else expect(Buffer.from(body).equals(DATA.subarray(start, Math.min(end, 99) + 1))).toBe(true);
  });
  await fc.assert(check, { seed: 9, numRuns: 300 });
});
