import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { pathToFileURL } from "node:url";

interface Message {
  readonly id?: number;
  readonly method?: string;
  readonly params?: { readonly items?: readonly unknown[] };
  readonly result?: unknown;
}

/** A client of TypeScript's language server (`tsc --lsp`), for one file. */
export class LanguageServer implements AsyncDisposable {
  readonly #process: ChildProcessWithoutNullStreams;
  readonly #waiting = new Map<number, (result: unknown) => void>();
  readonly #uri: string;
  #buffer = Buffer.alloc(0);
  #id = 0;
  #version = 0;

  private constructor(tsc: string, file: string) {
    this.#uri = pathToFileURL(file).href;
    this.#process = spawn(tsc, ["--lsp", "--stdio"]);
    this.#process.stdout.on("data", (data: Buffer) => this.#read(data));
  }

  static async start(tsc: string, directory: string, file: string): Promise<LanguageServer> {
    const server = new LanguageServer(tsc, file);
    const uri = pathToFileURL(directory).href;
    await server.#request("initialize", {
      processId: process.pid,
      rootUri: uri,
      capabilities: { textDocument: { completion: { completionItem: {} }, hover: { contentFormat: ["plaintext"] } } },
      workspaceFolders: [{ uri, name: "project" }],
    });
    server.#send({ method: "initialized", params: {} });
    const document = { uri: server.#uri, languageId: "typescript", version: ++server.#version, text: "" };
    server.#send({ method: "textDocument/didOpen", params: { textDocument: document } });
    return server;
  }

  /** Replaces the file's text and asks about the place of the `|` in it. */
  ask(method: "completion" | "hover", text: string): Promise<unknown> {
    const offset = text.indexOf("|");
    const before = text.slice(0, offset).split("\n");
    this.#send({
      method: "textDocument/didChange",
      params: {
        textDocument: { uri: this.#uri, version: ++this.#version },
        contentChanges: [{ text: text.slice(0, offset) + text.slice(offset + 1) }],
      },
    });
    const position = { line: before.length - 1, character: before.at(-1)?.length ?? 0 };
    return this.#request(`textDocument/${method}`, { textDocument: { uri: this.#uri }, position });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const closed = new Promise((done) => this.#process.once("close", done));
    this.#process.kill();
    await closed;
  }

  #request(method: string, params: object): Promise<unknown> {
    const id = ++this.#id;
    const { promise, resolve } = Promise.withResolvers<unknown>();
    this.#waiting.set(id, resolve);
    this.#send({ id, method, params });
    return promise;
  }

  #send(message: object): void {
    const text = JSON.stringify({ jsonrpc: "2.0", ...message });
    this.#process.stdin.write(`Content-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`);
  }

  #read(data: Buffer): void {
    this.#buffer = Buffer.concat([this.#buffer, data]);
    for (;;) {
      const end = this.#buffer.indexOf("\r\n\r\n");
      if (end < 0) return;
      const length = Number(/Content-Length: (\d+)/i.exec(this.#buffer.toString("latin1", 0, end))?.[1]);
      if (this.#buffer.length < end + 4 + length) return;
      const message = JSON.parse(this.#buffer.toString("utf8", end + 4, end + 4 + length)) as Message;
      this.#buffer = this.#buffer.subarray(end + 4 + length);
      this.#receive(message);
    }
  }

  #receive({ id, method, params, result }: Message): void {
    if (id === undefined) return;
    // The server asks for its configuration, among other things: it has none.
    if (method !== undefined) this.#send({ id, result: params?.items?.map(() => null) ?? null });
    else this.#waiting.get(id)?.(result);
  }
}
