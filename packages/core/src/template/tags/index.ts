import type { Liquid } from "liquidjs";
import { AutoescapeTag } from "./autoescape.ts";
import { FilterTag, SpacelessTag } from "./blocks.ts";
import { CsrfTokenTag } from "./csrf-token.ts";
import { CycleTag, ResetCycleTag } from "./cycle.ts";
import { ExtendsTag } from "./extends.ts";
import { ForTag } from "./for.ts";
import { IfTag } from "./if.ts";
import { IfChangedTag } from "./if-changed.ts";
import { IncludeTag } from "./include.ts";
import { LoremTag } from "./lorem.ts";
import { PartialDefTag, PartialTag } from "./partial.ts";
import { QueryStringTag } from "./query-string.ts";
import { RegroupTag } from "./regroup.ts";
import { getStaticPrefixTag, staticTag } from "./static.ts";
import { UrlTag } from "./url.ts";
import { debugTag, FirstOfTag, loadTag, NowTag, TemplateTagTag, WidthRatioTag } from "./values.ts";
import { WithTag } from "./with.ts";

/** Tags of LiquidJS whose Django counterparts are spelled or work otherwise. */
const REMOVED: readonly string[] = [
  "unless",
  "layout",
  "tablerow",
  "increment",
  "decrement",
  "echo",
  "liquid",
  "render",
];

/** Libraries of Django's whose tags are always there. */
const BUILTIN_LIBRARIES: readonly string[] = ["static"];

interface TagSettings {
  readonly staticUrl: string;
  readonly staticUrlOf: (name: string) => string;
  readonly debug: boolean;
}

/**
 * Gives an engine Django's tags. Source: https://docs.djangoproject.com/en/5.2/ref/templates/builtins/
 * @param libraries The names of the project's template libraries, for `{% load %}`.
 */
export function registerTags(
  liquid: Liquid,
  { staticUrl, staticUrlOf, debug }: TagSettings,
  libraries: ReadonlySet<string>,
): void {
  for (const name of REMOVED) delete liquid.tags[name];
  const tags = {
    autoescape: AutoescapeTag,
    csrf_token: CsrfTokenTag,
    cycle: CycleTag,
    debug: debugTag(debug),
    extends: ExtendsTag,
    filter: FilterTag,
    firstof: FirstOfTag,
    for: ForTag,
    get_static_prefix: getStaticPrefixTag(staticUrl),
    if: IfTag,
    ifchanged: IfChangedTag,
    include: IncludeTag,
    load: loadTag(new Set([...BUILTIN_LIBRARIES, ...libraries])),
    lorem: LoremTag,
    now: NowTag,
    partial: PartialTag,
    partialdef: PartialDefTag,
    querystring: QueryStringTag,
    regroup: RegroupTag,
    resetcycle: ResetCycleTag,
    spaceless: SpacelessTag,
    static: staticTag(staticUrlOf),
    templatetag: TemplateTagTag,
    url: UrlTag,
    widthratio: WidthRatioTag,
    with: WithTag,
  };
  for (const [name, tag] of Object.entries(tags)) liquid.registerTag(name, tag);
}
