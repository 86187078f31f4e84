import { createSign, generateKeyPairSync, type KeyObject, randomBytes } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";

// Certificates for tests, made when they are needed: X.509 (RFC 5280) in DER.
function der(tag: number, ...contents: Buffer[]): Buffer {
  const body = Buffer.concat(contents);
  const length =
    body.length < 128
      ? [body.length]
      : body.length < 256
        ? [0x81, body.length]
        : [0x82, body.length >> 8, body.length & 255];
  return Buffer.concat([Buffer.from([tag, ...length]), body]);
}
const sequence = (...contents: Buffer[]) => der(0x30, ...contents);
const oid = (...bytes: number[]) => der(0x06, Buffer.from(bytes));
const time = (year: number) => der(0x18, Buffer.from(`${year}0101000000Z`));
const name = (text: string) => sequence(der(0x31, sequence(oid(0x55, 0x04, 0x03), der(0x0c, Buffer.from(text)))));
const ECDSA_SHA256 = sequence(oid(0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02));

export interface MadeCertificate {
  readonly cert: string;
  readonly key: string;
  readonly keys: { readonly privateKey: KeyObject; readonly publicKey: KeyObject };
  readonly subject: string;
}

/** A certificate for localhost, signed by itself or by `issuer`. */
export function makeCertificate(subject = "localhost", issuer?: MadeCertificate): MadeCertificate {
  const keys = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const names = sequence(der(0x82, Buffer.from("localhost")), der(0x87, Buffer.from([127, 0, 0, 1])));
  const constraints = sequence(
    oid(0x55, 0x1d, 0x13),
    der(0x01, Buffer.from([255])),
    der(0x04, sequence(der(0x01, Buffer.from([255])))),
  );
  const extensions = sequence(sequence(oid(0x55, 0x1d, 0x11), der(0x04, names)), constraints);
  const unsigned = sequence(
    der(0xa0, der(0x02, Buffer.from([2]))),
    der(0x02, Buffer.concat([Buffer.from([1]), randomBytes(8)])),
    ECDSA_SHA256,
    name(issuer?.subject ?? subject),
    sequence(time(2020), time(2120)),
    name(subject),
    keys.publicKey.export({ type: "spki", format: "der" }),
    der(0xa3, extensions),
  );
  const signature = createSign("sha256")
    .update(unsigned)
    .sign((issuer?.keys ?? keys).privateKey);
  const all = sequence(unsigned, ECDSA_SHA256, der(0x03, Buffer.from([0]), signature));
  const lines = all.toString("base64").match(/.{1,64}/g) as string[];
  return {
    cert: `-----BEGIN CERTIFICATE-----\n${lines.join("\n")}\n-----END CERTIFICATE-----\n`,
    key: keys.privateKey.export({ type: "pkcs8", format: "pem" }) as string,
    keys,
    subject,
  };
}

/** Files that last as long as the test; gives their paths. */
export function files<T extends Record<string, string>>(contents: T): Record<keyof T, string> {
  const directory = mkdtempSync(join(tmpdir(), "tsjango-tls-"));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  const paths = Object.entries(contents).map(([file, text]) => {
    writeFileSync(join(directory, file), text);
    return [file, join(directory, file)];
  });
  return Object.fromEntries(paths);
}
