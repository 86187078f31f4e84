import { randomBytes, randomInt } from "node:crypto";
import { once } from "node:events";
import { promisify } from "node:util";
import { constants, crc32, createDeflateRaw, deflateRaw } from "node:zlib";

const deflate = promisify(deflateRaw);
const MOST_PADDING = 100;

/** gzip's header with a name of random length, so that the compressed size does not tell secrets of a page (BREACH). */
function header(): Buffer {
  const name = randomBytes(randomInt(MOST_PADDING + 1)).map((byte) => 97 + (byte % 26));
  // Magic, deflate, FNAME, no time, no flags, unknown system. Source: https://www.rfc-editor.org/rfc/rfc1952
  return Buffer.concat([Buffer.from([0x1f, 0x8b, 8, 8, 0, 0, 0, 0, 0, 255]), name, Buffer.from([0])]);
}

function trailer(checksum: number, size: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeUInt32LE(checksum >>> 0, 0);
  bytes.writeUInt32LE(size >>> 0, 4);
  return bytes;
}

/** Compresses a text or bytes, away from the event loop. */
export async function gzipBytes(content: string | Uint8Array): Promise<Uint8Array> {
  const bytes = typeof content === "string" ? Buffer.from(content) : content;
  return Buffer.concat([header(), await deflate(bytes, { level: 6 }), trailer(crc32(bytes), bytes.byteLength)]);
}

type Pieces = AsyncIterable<string | Uint8Array> | Iterable<string | Uint8Array>;
type PieceIterator = AsyncIterator<string | Uint8Array> | Iterator<string | Uint8Array>;

/** Compresses piece by piece: each piece can be read as soon as it is sent. Letting go of it lets go of the content. */
export function gzipPieces(content: Pieces): AsyncIterable<Uint8Array> {
  return {
    [Symbol.asyncIterator]() {
      const inner = Symbol.asyncIterator in content ? content[Symbol.asyncIterator]() : content[Symbol.iterator]();
      const compressed = compress(inner);
      let begun = false;
      return {
        next() {
          begun = true;
          return compressed.next();
        },
        async return() {
          // A generator that has not begun does not run its "finally".
          if (!begun) await release(content, inner);
          return compressed.return();
        },
      };
    },
  };
}

async function release(content: Pieces, inner: PieceIterator): Promise<void> {
  const { destroy } = content as { destroy?: () => void };
  if (typeof destroy === "function") destroy.call(content);
  else await inner.return?.();
}

async function* compress(inner: PieceIterator): AsyncGenerator<Uint8Array, void, undefined> {
  const stream = createDeflateRaw({ level: 6 });
  let out: Buffer[] = [];
  stream.on("data", (data: Buffer) => out.push(data));
  let checksum = 0;
  let size = 0;
  let ended = false;
  try {
    yield header();
    for (;;) {
      const step = await inner.next();
      if (step.done === true) break;
      const bytes = typeof step.value === "string" ? Buffer.from(step.value) : step.value;
      if (bytes.byteLength === 0) continue;
      checksum = crc32(bytes, checksum);
      size += bytes.byteLength;
      stream.write(bytes);
      await new Promise<void>((resolve) => stream.flush(constants.Z_SYNC_FLUSH, resolve));
      if (out.length > 0) yield Buffer.concat(out);
      out = [];
    }
    ended = true;
    const finished = once(stream, "end");
    stream.end();
    await finished;
    yield Buffer.concat([...out, trailer(checksum, size)]);
  } finally {
    stream.destroy();
    if (!ended) await inner.return?.();
  }
}
