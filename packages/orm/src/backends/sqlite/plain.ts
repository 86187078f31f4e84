import type { OperationNode } from "kysely";
import type { PlainFunctionName } from "../../expressions/expression.ts";
import { call, raw } from "../base/raw.ts";

type Make = (...args: readonly OperationNode[]) => OperationNode;

const own =
  (name: string): Make =>
  (...args) =>
    call(name, ...args);
const registered = (name: string): Make => own(`tsjango_${name}`);

/** The greatest whole number that a double holds exactly, and one. */
const RANDOMS = 2 ** 53;

const PLAIN: Readonly<Record<PlainFunctionName, Make>> = {
  acos: own("acos"),
  asin: own("asin"),
  atan: own("atan"),
  atan2: own("atan2"),
  cos: own("cos"),
  cot: (x) => raw("(1.0 / nullif(tan(", x as OperationNode, "), 0))"),
  degrees: own("degrees"),
  exp: own("exp"),
  ln: own("ln"),
  log: (x, base) => call("log", base as OperationNode, x as OperationNode),
  pi: own("pi"),
  radians: own("radians"),
  random: () => raw(`(abs(random() % ${RANDOMS}) / ${RANDOMS}.0)`),
  sin: own("sin"),
  sqrt: own("sqrt"),
  tan: own("tan"),
  chr: registered("chr"),
  left: registered("left"),
  lpad: registered("lpad"),
  ltrim: own("ltrim"),
  md5: registered("md5"),
  ord: registered("ord"),
  repeat: registered("repeat"),
  replace: own("replace"),
  reverse: registered("reverse"),
  right: registered("right"),
  rpad: registered("rpad"),
  rtrim: own("rtrim"),
  sha1: registered("sha1"),
  sha224: registered("sha224"),
  sha256: registered("sha256"),
  sha384: registered("sha384"),
  sha512: registered("sha512"),
  strIndex: own("instr"),
  substr: own("substr"),
  trim: own("trim"),
  uuid4: registered("uuid4"),
  uuid7: registered("uuid7"),
};

/** A function whose arguments and result are of kinds that never change. */
export function plainFunction(name: PlainFunctionName, args: readonly OperationNode[]): OperationNode {
  return PLAIN[name](...args);
}
