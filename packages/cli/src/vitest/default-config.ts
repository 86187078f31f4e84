import tsjango from "./config.ts";

/** The configuration of a project that has none of its own. */
export default { plugins: [tsjango()] };
