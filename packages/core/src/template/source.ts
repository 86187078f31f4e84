/**
 * A template's text as LiquidJS reads it: Django's `{# comments #}` (each on one line) are taken out, and
 * `{% verbatim %}`, also with a name, becomes `{% raw %}`. Lines keep their numbers.
 */
export function prepareSource(text: string): string {
  let prepared = "";
  let rest = text;
  for (;;) {
    const opening = /\{%(-?)\s*(?:raw|verbatim(?:\s+([\w-]+))?)\s*(-?)%\}/.exec(rest);
    if (opening === null) return prepared + withoutComments(rest);
    const [tag, left = "", name = "", right = ""] = opening;
    const body = rest.slice(opening.index + tag.length);
    const closing = new RegExp(`\\{%(-?)\\s*end(?:raw|verbatim)${name === "" ? "" : `\\s+${name}`}\\s*(-?)%\\}`).exec(
      body,
    );
    prepared += `${withoutComments(rest.slice(0, opening.index))}{%${left} raw ${right}%}`;
    if (closing === null) return prepared + body;
    prepared += `${body.slice(0, closing.index)}{%${closing[1]} endraw ${closing[2]}%}`;
    rest = body.slice(closing.index + closing[0].length);
  }
}

function withoutComments(text: string): string {
  return text.replace(/\{#.*?#\}/g, "");
}
