import type { CheckMessage } from "@tsjango/kernel/checks";

/** A mistake in a model's declaration. */
export function problem(id: string, subject: string, message: string, hint?: string): CheckMessage {
  return { level: "error", id, subject, message, ...(hint !== undefined && { hint }) };
}

/** The mistake of a relation to a model that is not installed. */
export function unknownModel(subject: string, to: unknown): CheckMessage {
  const name = typeof to === "function" ? to.name : String(to);
  const hint = "Export it from the models of an app in installedApps.";
  return problem("fields.E300", subject, `It refers to ${name}, which is no model of an installed app.`, hint);
}
