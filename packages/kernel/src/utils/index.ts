export { callerFile } from "./caller-file.ts";
export { describeValue } from "./describe-value.ts";
export { didYouMean, editDistance, nearestName } from "./nearest-name.ts";
export { printable } from "./printable.ts";
export { isSecretName, MASK, maskSecrets, mayBeSecret } from "./secrets.ts";
export { projectPlace, type StackPlace, shownPlace, stackPlaces } from "./stack-places.ts";
export { isTemplateMethod, templateMethod } from "./template-method.ts";
