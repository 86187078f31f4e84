/** Stands between a test's name and the words that its failure must report, in this order. */
export const REPORTS = " ⇒ ";
/** Stands between those words. */
export const AND = " … ";
