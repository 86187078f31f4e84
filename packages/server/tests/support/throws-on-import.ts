throw new Error("the settings are missing");
