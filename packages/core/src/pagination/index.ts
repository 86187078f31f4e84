export { EmptyPage, InvalidPage, PageNotAnInteger } from "../exceptions.ts";
export type { ElidedOptions } from "./elided.ts";
export { Page, type PageInit } from "./page.ts";
export { Paginator, type PaginatorOptions } from "./paginator.ts";
export type { ObjectList, QuerySetLike } from "./query-set-like.ts";
