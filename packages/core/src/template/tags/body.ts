import type { Parser, TagToken, Template, TopLevelToken } from "liquidjs";

/**
 * Reads the templates up to a tag's end. `turns` are called at tags between, such as `else`, and give where the templates
 * behind them go. @throws Error where the end is missing.
 */
export function readBody(
  { name, args }: TagToken,
  remaining: TopLevelToken[],
  parser: Parser,
  turns: Readonly<Record<string, (tag: TagToken) => Template[]>> = {},
): Template[] {
  const body: Template[] = [];
  let current = body;
  let closed = false;
  const stream = parser.parseStream(remaining);
  for (const [turn, open] of Object.entries(turns)) {
    stream.on(`tag:${turn}`, (tag: TagToken) => {
      current = open(tag);
    });
  }
  stream
    .on(`tag:end${name}`, () => {
      closed = true;
      stream.stop();
    })
    .on("template", (template: Template) => current.push(template))
    .start();
  if (closed) return body;
  throw new Error(`{% ${`${name} ${args}`.trim()} %} is not closed by {% end${name} %}`);
}
