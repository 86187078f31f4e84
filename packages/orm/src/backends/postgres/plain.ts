import type { OperationNode } from "kysely";
import type { PlainFunctionName } from "../../expressions/expression.ts";
import { call, raw } from "../base/raw.ts";
import { BINARY } from "./operations.ts";

type Make = (...args: readonly OperationNode[]) => OperationNode;

const own =
  (name: string): Make =>
  (...args) =>
    call(name, ...args);

/** Lengths and positions are numbers of 32 bits here. */
const short = (node: OperationNode | undefined): OperationNode => raw(node as OperationNode, "::integer");

const counted =
  (name: string): Make =>
  (text, ...counts) =>
    call(name, text as OperationNode, ...counts.map(short));

/** The digits of a hash of the text in UTF-8; they are no text of the column's any more. */
const hash =
  (name: string): Make =>
  (text) =>
    raw(`(encode(${name}(convert_to(`, text as OperationNode, `, 'UTF8')), 'hex')${BINARY})`);

const padded =
  (name: string): Make =>
  (text, length, fill) =>
    call(name, text as OperationNode, short(length), fill as OperationNode);

/**
 * A UUID of version 7 by means that every version has: a random one, whose first 48 bits are the milliseconds since
 * 1970, and whose version is 7.
 */
const UUID7 =
  "encode(set_bit(set_bit(overlay(uuid_send(gen_random_uuid()) placing " +
  "substring(int8send(floor(extract(epoch from clock_timestamp()) * 1000)::bigint) from 3) from 1 for 6), 52, 1), 53, 1), 'hex')::uuid";

const PLAIN: Readonly<Record<PlainFunctionName, Make>> = {
  acos: own("acos"),
  asin: own("asin"),
  atan: own("atan"),
  atan2: own("atan2"),
  cos: own("cos"),
  cot: own("cot"),
  degrees: own("degrees"),
  exp: own("exp"),
  ln: own("ln"),
  // The logarithm to a base is there for numerics alone.
  log: (x, base) =>
    raw("log(", base as OperationNode, "::numeric, ", x as OperationNode, "::numeric)::double precision"),
  pi: own("pi"),
  radians: own("radians"),
  random: own("random"),
  sin: own("sin"),
  sqrt: own("sqrt"),
  tan: own("tan"),
  chr: (code) => raw("(chr(", short(code), `)${BINARY})`),
  left: counted("left"),
  lpad: padded("lpad"),
  ltrim: own("ltrim"),
  md5: own("md5"),
  ord: own("ascii"),
  repeat: counted("repeat"),
  replace: own("replace"),
  reverse: own("reverse"),
  right: counted("right"),
  rpad: padded("rpad"),
  rtrim: own("rtrim"),
  // pgcrypto's: the server itself has no SHA-1.
  sha1: (text) => raw("(encode(digest(convert_to(", text as OperationNode, `, 'UTF8'), 'sha1'), 'hex')${BINARY})`),
  sha224: hash("sha224"),
  sha256: hash("sha256"),
  sha384: hash("sha384"),
  sha512: hash("sha512"),
  strIndex: own("strpos"),
  substr: counted("substr"),
  trim: own("btrim"),
  uuid4: own("gen_random_uuid"),
  uuid7: () => raw(UUID7),
};

/** A function whose arguments and result are of kinds that never change. */
export function plainFunction(name: PlainFunctionName, args: readonly OperationNode[]): OperationNode {
  return PLAIN[name](...args);
}
