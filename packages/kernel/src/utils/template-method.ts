const TEMPLATE_METHOD = Symbol.for("tsjango.templateMethod");

/**
 * Lets templates call a method: one without arguments that changes nothing. Others are never called by templates.
 * As a function on the prototype, or as a method decorator where the toolchain compiles those.
 * @example
 * class Cart {
 *   total() {
 *     return 3;
 *   }
 *   static {
 *     templateMethod(Cart.prototype.total);
 *   }
 * }
 */
export function templateMethod<Method extends (...args: never[]) => unknown>(
  method: Method,
  _decorated?: object,
): Method {
  return Object.defineProperty(method, TEMPLATE_METHOD, { value: true });
}

/** Whether templates may call it. */
export function isTemplateMethod(value: unknown): value is () => unknown {
  return typeof value === "function" && TEMPLATE_METHOD in value;
}
