import type { Context } from "liquidjs";

const CHAIN = "tsjango.chain";
/** Templates within templates; Node's stack ends far beyond. */
const MOST = 100;

/** The templates that the one being rendered stands in, outermost first. @throws Error where they have no end */
export function enterTemplate(context: Context, name: string): readonly string[] {
  const chain = chainOf(context);
  if (chain.length >= MOST) {
    const shown = chain.slice(-6).join(" → ");
    throw new Error(`templates include or extend each other more than ${MOST} deep: … ${shown} → ${name}`);
  }
  context.setRegister(CHAIN, [...chain, name]);
  return chain;
}

/** The same chain, to put back or to hand on. */
export function chainOf(context: Context): readonly string[] {
  return (context.getRegister(CHAIN) as unknown as readonly string[] | undefined) ?? [];
}

/** Puts a chain in force. */
export function setChain(context: Context, chain: readonly string[]): void {
  context.setRegister(CHAIN, chain);
}
