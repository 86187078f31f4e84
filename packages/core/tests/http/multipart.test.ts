import { randomBytes } from "node:crypto";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { FileExists, JsonResponse, UploadedFile } from "@tsjango/core/http";
import { makeRequest } from "@tsjango/core/test";
import { path, urls } from "@tsjango/core/urls";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { z } from "zod";
import { type MultipartLimits, parseMultipart } from "../../src/http/multipart.ts";
import { makeSite } from "../support/site.ts";
import { transports } from "../support/transports.ts";

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "tsjango-uploads-"));
});
afterEach(() => rm(directory, { recursive: true, force: true }));

function limits(changes: Partial<MultipartLimits> = {}): MultipartLimits {
  return { fields: 1000, files: 100, fieldBytes: 10_000, memory: 10_000, directory, ...changes };
}

interface PartData {
  readonly name: string;
  readonly filename?: string | undefined;
  readonly data: Uint8Array;
}

function encode(parts: readonly PartData[], boundary: string): Buffer {
  const pieces = parts.flatMap(({ name, filename, data }) => {
    const file = filename === undefined ? "" : `; filename="${filename}"\r\nContent-Type: image/png`;
    return [`--${boundary}\r\nContent-Disposition: form-data; name="${name}"${file}\r\n\r\n`, data, "\r\n"];
  });
  return Buffer.concat([...pieces, `--${boundary}--\r\n`].map((piece) => Buffer.from(piece)));
}

async function* chunked(body: Uint8Array, cuts: readonly number[]) {
  let start = 0;
  for (const cut of [...cuts, body.byteLength]) {
    if (cut > start) yield body.subarray(start, cut);
    start = Math.max(start, cut);
  }
}

/** A form in a shape that can be compared. */
async function read(chunks: AsyncIterable<Uint8Array>, boundary: string, changes?: Partial<MultipartLimits>) {
  const form = await parseMultipart(chunks, boundary, limits(changes));
  const files: unknown[] = [];
  for (const [name, all] of form.files.lists()) {
    for (const file of all) {
      const bytes = Buffer.from(await file.bytes()).toString("hex");
      files.push([name, file.name, file.contentType, file.size, bytes]);
      await file.dispose();
    }
  }
  return { fields: [...form.lists()], files };
}

const SAMPLE: readonly PartData[] = [
  { name: "title", data: Buffer.from("Émma\r\n--not-it\r\n-") },
  { name: "photo", filename: "ünïcode.png", data: Buffer.from("\r\n--bound\r\n--boundar\r\n\0\xff", "latin1") },
  { name: "title", data: Buffer.alloc(0) },
  { name: "empty", filename: "", data: Buffer.alloc(0) },
];

test("a body is read the same wherever it is split", async () => {
  const body = encode(SAMPLE, "boundary");
  const whole = await read(chunked(body, []), "boundary");
  expect(whole.fields).toEqual([["title", ["Émma\r\n--not-it\r\n-", ""]]]);
  expect(whole.files).toHaveLength(1);
  expect(whole.files[0]).toMatchObject(["photo", "ünïcode.png", "image/png", 24, expect.any(String)]);
  for (let cut = 1; cut < body.byteLength; cut++) {
    expect(await read(chunked(body, [cut]), "boundary"), `split at ${cut}`).toEqual(whole);
  }
  const everywhere = Array.from({ length: body.byteLength }, (_, index) => index);
  expect(await read(chunked(body, everywhere), "boundary")).toEqual(whole);
});

/** Any form comes back as it was sent, in pieces of any size, from memory and from disk. */
function roundTrip(reader: typeof read): Promise<void> {
  const hostile = fc.constantFrom("\r\n--b", "--b--", "\r\n", "-", "\r", "\n--b", "x");
  const data = fc.oneof(
    fc.array(hostile, { maxLength: 6 }).map((pieces) => Buffer.from(pieces.join(""))),
    fc.uint8Array({ maxLength: 300 }),
  );
  const part = fc.record({
    name: fc.stringMatching(/^[a-zé]{1,5}$/),
    filename: fc.option(fc.stringMatching(/^[a-zü.]{1,8}[a-z]$/), { nil: undefined }),
    data,
  });
  const parts = fc
    .array(part, { maxLength: 6 })
    // What holds the boundary itself is not this form.
    .filter((all) => all.every((one) => !`\r\n${Buffer.from(one.data).toString("latin1")}`.includes("\r\n--b")));
  const property = fc.asyncProperty(
    parts,
    fc.array(fc.nat(2000)),
    fc.constantFrom(0, 100, 1e6),
    async (sent, at, memory) => {
      const body = encode(sent, "b");
      const cuts = [...at].sort((a, b) => a - b).filter((cut) => cut < body.byteLength);
      const { fields, files } = await reader(chunked(body, cuts), "b", { memory });
      const wanted = new Map<string, string[]>();
      for (const { name, filename, data: bytes } of sent) {
        if (filename !== undefined) continue;
        wanted.set(name, [...(wanted.get(name) ?? []), new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes)]);
      }
      expect(fields).toEqual([...wanted]);
      const wantedFiles = sent
        .filter((one) => one.filename !== undefined)
        .map(({ name, filename, data: bytes }) => [
          name,
          filename,
          "image/png",
          bytes.length,
          Buffer.from(bytes).toString("hex"),
        ]);
      expect([...files].sort()).toEqual(wantedFiles.sort());
    },
  );
  return fc.assert(property, { seed: 7, numRuns: 150, endOnFailure: true });
}

test("any form comes back as it was sent", () => roundTrip(read));

test.each<[string, (chunk: Uint8Array) => Uint8Array]>([
  ["loses the CR at a chunk's end", (chunk) => (chunk.at(-1) === 13 ? chunk.subarray(0, -1) : chunk)],
  [
    "takes a lone boundary line for data",
    (chunk) => Buffer.from(Buffer.from(chunk).toString("latin1").replace("--b\r", "--c\r"), "latin1"),
  ],
  ["reads bytes as UTF-8", (chunk) => Buffer.from(Buffer.from(chunk).toString())],
])("the property catches a reader that %s", async (_what, flaw) => {
  async function* flawed(chunks: AsyncIterable<Uint8Array>) {
    for await (const chunk of chunks) yield flaw(chunk);
  }
  await expect(roundTrip((chunks, ...rest) => read(flawed(chunks), ...rest))).rejects.toThrow("Property failed");
});

describe("what is malformed is refused, and leaves nothing on disk", () => {
  const part = (head: string, data = "x") => `--b\r\n${head}\r\n\r\n${data}\r\n--b--\r\n`;
  const file = (data: string) => part('Content-Disposition: form-data; name="f"; filename="f"', data);
  test.each<[string, string, string]>([
    ["no final boundary", '--b\r\nContent-Disposition: form-data; name="a"\r\n\r\nx', "malformed"],
    ["a file that breaks off", file("x".repeat(500)).slice(0, -8), "malformed"],
    ["nothing", "", "malformed"],
    ["no part", "x".repeat(100), "malformed"],
    ["a preamble of a megabyte", "x".repeat(1_000_000) + part("A: b"), "no part in its first 65536 bytes"],
    ["a part without a name", part("Content-Disposition: form-data"), "needs"],
    ["a part without disposition", part("Content-Type: text/plain"), "needs"],
    ["a part without headers", "--b\r\n\r\nx\r\n--b--\r\n", "needs"],
    ["another disposition", part('Content-Disposition: attachment; name="a"'), "needs"],
    ["a header without colon", part('Content-Disposition form-data; name="a"'), "needs"],
    ["a repeated name", part('Content-Disposition: form-data; name="a"; name="b"'), "needs"],
    ["a header of 1025 bytes", part(`Content-Disposition: form-data; name="a"\r\nX: ${"y".repeat(990)}`), "1024 bytes"],
    ["a header of 100 kB", part(`X: ${"y".repeat(100_000)}`), "1024 bytes"],
    ["base64", part('Content-Disposition: form-data; name="a"\r\nContent-Transfer-Encoding: base64'), '"base64"'],
    [
      "lines that end in LF only",
      part('Content-Disposition: form-data; name="a"').replaceAll("\r\n", "\n"),
      "malformed",
    ],
    ["a head that breaks off", "--b\r\nContent-Dis\r\n--b--\r\n", "header"],
  ])("%s", async (_what, body, message) => {
    for (const cuts of [[], [10], [10, 30, 45]]) {
      await expect(parseMultipart(chunked(Buffer.from(body), cuts), "b", limits({ memory: 10 }))).rejects.toThrow(
        message,
      );
    }
    expect(await readdir(directory)).toEqual([]);
  });

  const many = (count: number, filename?: string) =>
    encode(
      Array.from({ length: count }, (_, index) => ({ name: `n${index}`, filename, data: Buffer.from("x") })),
      "b",
    );
  test.each<[string, Buffer, Partial<MultipartLimits>, string]>([
    ["fields", many(11), { fields: 10 }, "too_many_fields_sent"],
    ["files", many(11, "f"), { files: 10, memory: 0 }, "too_many_files_sent"],
    [
      "bytes of fields",
      encode([{ name: "a", data: Buffer.alloc(2000) }], "b"),
      { fieldBytes: 1000 },
      "request_data_too_big",
    ],
  ])("more %s than allowed", async (_what, body, changes, code) => {
    await expect(parseMultipart(chunked(body, []), "b", limits(changes))).rejects.toMatchObject({ code });
    expect(await readdir(directory)).toEqual([]);
  });

  test("a client that leaves in the middle of a file", async () => {
    async function* breaksOff() {
      yield Buffer.from(file("x".repeat(100_000)).slice(0, 90_000));
      await new Promise((resolve) => setTimeout(resolve, 30));
      throw new Error("gone");
    }
    await expect(parseMultipart(breaksOff(), "b", limits({ memory: 10 }))).rejects.toThrow("gone");
    expect(await readdir(directory)).toEqual([]);
  });
});

test.each([
  ["C:\\dir\\evil.png", "evil.png"],
  ["../../etc/passwd", "passwd"],
  ["a\u0000\u202eb.txt", "ab.txt"],
  ["..", "upload"],
])("the file name %j becomes %j", async (filename, name) => {
  const body = encode([{ name: "f", filename, data: Buffer.from("x") }], "b");
  const { files } = await read(chunked(body, []), "b");
  expect(files).toEqual([["f", name, "image/png", 1, "78"]]);
});

describe.each(transports)("%s", (_name, open) => {
  const Upload = z.object({ title: z.string().min(1), photo: z.instanceof(UploadedFile) });
  let lastPath: string | undefined;
  async function site(input = {}) {
    const urlpatterns = urls(
      path("form/", async (request) => {
        const form = await request.form();
        const file = form.files.get("photo");
        lastPath = file?.temporaryPath;
        return new JsonResponse({
          title: form.get("title"),
          name: file?.name,
          size: file?.size,
          again: form === (await request.form()),
        });
      }),
      path("schema/", async (request) => {
        const { title, photo } = await request.form(Upload);
        await photo.moveTo(join(directory, "kept.bin"));
        return new JsonResponse({ title, type: photo.contentType });
      }),
      path("twice/", async (request) => {
        await request.form();
        return new JsonResponse((await request.body()).byteLength);
      }),
    );
    const { application, logged } = await makeSite(urlpatterns, { fileUploadTempDir: directory, ...input });
    return { transport: await open(application), logged };
  }
  function form(size: number) {
    const data = new FormData();
    data.append("title", "Émma");
    data.append("photo", new File([randomBytes(size)], "p.png", { type: "image/png" }));
    return data;
  }

  test("a file larger than the memory goes to disk for the time of the request", async () => {
    const { transport } = await site({ fileUploadMaxMemorySize: 1000 });
    const small = await transport.fetch("/form/", { method: "POST", body: form(1000) });
    expect(await small.json()).toEqual({ title: "Émma", name: "p.png", size: 1000, again: true });
    expect(lastPath).toBeUndefined();
    const large = await transport.fetch("/form/", { method: "POST", body: form(300_000) });
    expect(await large.json()).toMatchObject({ size: 300_000 });
    expect(lastPath).toContain(directory);
    await expect.poll(() => readdir(directory)).toEqual([]);
  });

  test("a schema sees fields and files; a moved file stays", async () => {
    const { transport } = await site({ fileUploadMaxMemorySize: 1000 });
    const response = await transport.fetch("/schema/", { method: "POST", body: form(5000) });
    expect(await response.json()).toEqual({ title: "Émma", type: "image/png" });
    await expect.poll(() => readdir(directory)).toEqual(["kept.bin"]);
    expect((await readFile(join(directory, "kept.bin"))).byteLength).toBe(5000);
    const data = new FormData();
    data.append("title", "");
    const bad = await transport.fetch("/schema/", { method: "POST", body: data });
    expect([bad.status, Object.keys(((await bad.json()) as { errors: object }).errors)]).toEqual([
      400,
      ["title", "photo"],
    ]);
  });

  test.each([
    "multipart/form-data",
    "multipart/form-data; boundary=",
    `multipart/form-data; boundary=${"x".repeat(71)}`,
    "multipart/form-data; boundary=a; boundary=b",
    "multipart/form-data garbage",
  ])("the type %s is refused with 400", async (type) => {
    const { transport } = await site();
    const init = { method: "POST", body: "--a--\r\n", headers: { "content-type": type } };
    expect((await transport.fetch("/form/", init)).status).toBe(400);
  });

  test("a body that was parsed as a stream cannot be had again: the message says so", async () => {
    const { transport, logged } = await site({ debug: false });
    expect((await transport.fetch("/twice/", { method: "POST", body: form(10) })).status).toBe(400);
    expect(logged[0]).toContain("read as a stream before");
  });
});

test("a large body that comes as one chunk ends, in memory and on disk", async () => {
  const data = new FormData();
  data.append("photo", new File([randomBytes(300_000)], "p.png"));
  const encoded = new Response(data);
  const boundary = /boundary=(.*)/.exec(encoded.headers.get("content-type") as string)?.[1] as string;
  const body = new Uint8Array(await encoded.arrayBuffer());
  for (const memory of [1000, 1_000_000]) {
    async function* whole() {
      yield body;
    }
    const form = await parseMultipart(whole(), boundary, limits({ memory }));
    expect(form.files.get("photo")?.size).toBe(300_000);
  }
});

test("an uploaded file is read in several ways, and not put over another", async () => {
  const data = new FormData();
  data.append("f", new File(["hello"], "h.txt", { type: "text/plain" }));
  const { application } = await makeSite(urls());
  void application;
  const file = (await makeRequest("POST", "/", { form: data }).form()).files.get("f") as UploadedFile;
  expect([await file.text(), file.size, file.contentType]).toEqual(["hello", 5, "text/plain"]);
  let streamed = "";
  for await (const chunk of file.stream()) streamed += Buffer.from(chunk).toString();
  expect(streamed).toBe("hello");
  const target = join(directory, "h.txt");
  await file.moveTo(target);
  expect(() => file.stream()).toThrow("was moved, or its request is over");
  const again = (await makeRequest("POST", "/", { form: data }).form()).files.get("f") as UploadedFile;
  await expect(again.moveTo(target)).rejects.toThrow(FileExists);
  await again.moveTo(target, { overwrite: true });
});
