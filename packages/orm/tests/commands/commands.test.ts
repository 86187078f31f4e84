import { expect, test } from "vitest";
import { commands } from "../../src/commands/commands.ts";

test.each(Object.entries(commands))(
  "%s loads a command of its name and description",
  async (name, { description, load }) => {
    const command = (await load()).default;
    expect(command.name).toBe(name);
    expect(command.description).toBe(description);
  },
);
