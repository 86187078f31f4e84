import { getAsgiApplication } from "tsjango/asgi";
import settings from "./settings.ts";

export const application = await getAsgiApplication(settings);
