export { type CalledCommand, callCommand } from "./call-command.ts";
export { type MainOptions, main } from "./main.ts";
