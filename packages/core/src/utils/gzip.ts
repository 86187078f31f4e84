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

/** Compresses piece by piece: each piece can be read as soon as it is sent. */
export async function* gzipPieces(
  content: AsyncIterable<string | Uint8Array> | Iterable<string | Uint8Array>,
): AsyncGenerator<Uint8Array, void, undefined> {
  const stream = createDeflateRaw({ level: 6 });
  let out: Buffer[] = [];
  stream.on("data", (data: Buffer) => out.push(data));
  let checksum = 0;
  let size = 0;
  try {
    yield header();
    for await (const piece of content) {
      const bytes = typeof piece === "string" ? Buffer.from(piece) : piece;
      if (bytes.byteLength === 0) continue;
      checksum = crc32(bytes, checksum);
      size += bytes.byteLength;
      stream.write(bytes);
      await new Promise<void>((resolve) => stream.flush(constants.Z_SYNC_FLUSH, resolve));
      if (out.length > 0) yield Buffer.concat(out);
      out = [];
    }
    const ended = once(stream, "end");
    stream.end();
    await ended;
    yield Buffer.concat([...out, trailer(checksum, size)]);
  } finally {
    stream.destroy();
  }
}
