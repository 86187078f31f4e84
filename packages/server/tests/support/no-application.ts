export const application = { not: "a function" };
export function wsgi(): void {}
