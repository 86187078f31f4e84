/**
 * A template's text as LiquidJS reads it: Django's `{# comments #}` (each on one line) are taken out, and
 * `{% verbatim %}` becomes `{% raw %}`. Lines keep their numbers.
 */
export function prepareSource(text: string): string {
  return text
    .split(/(\{%-?\s*(?:raw|verbatim)\s*-?%\}.*?\{%-?\s*end(?:raw|verbatim)\s*-?%\})/s)
    .map((part, index) =>
      index % 2 === 0
        ? part.replace(/\{#.*?#\}/g, "")
        : part
            .replace(/^\{%(-?)\s*verbatim\s*(-?)%\}/, "{%$1 raw $2%}")
            .replace(/\{%(-?)\s*endverbatim\s*(-?)%\}$/, "{%$1 endraw $2%}"),
    )
    .join("");
}
