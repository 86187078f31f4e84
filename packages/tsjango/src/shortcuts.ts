import * as core from "@tsjango/core/shortcuts";
import type { GetListOr404, GetObjectOr404 } from "@tsjango/orm";

export * from "@tsjango/core/shortcuts";

/**
 * The only row that meets the conditions, which the model checks.
 * Source: https://docs.djangoproject.com/en/5.2/topics/http/shortcuts/#get-object-or-404
 * @throws Http404 where there is none; MultipleObjectsReturned
 * @example
 * const book = await getObjectOr404(Book, { slug });
 * const loaded = await getObjectOr404(Book.objects.selectRelated("author"), { slug });
 */
export const getObjectOr404: GetObjectOr404 = core.getObjectOr404 as GetObjectOr404;

/**
 * The rows that meet the conditions, which the model checks.
 * @throws Http404 where there is none
 */
export const getListOr404: GetListOr404 = core.getListOr404 as GetListOr404;
