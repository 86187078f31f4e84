import { readdirSync } from "node:fs";
import { join } from "node:path";
import { ValidationError } from "@tsjango/kernel/exceptions";
import type { FieldProblem } from "./field.ts";
import { TextField, type TextOptions } from "./text.ts";

/** Options of a path. */
export interface FilePathOptions extends TextOptions {
  /** The directory that has the choices, or a function that gives it. */
  readonly path: string | (() => string);
  /** What the names of the choices match. */
  readonly match?: RegExp;
  /** Whether directories inside it are searched. Default false. */
  readonly recursive?: boolean;
  /** Whether files are choices. Default true. */
  readonly allowFiles?: boolean;
  /** Whether directories are choices. Default false. */
  readonly allowFolders?: boolean;
}

/**
 * The path of a file in a directory, as a string of at most 100 characters unless `maxLength` says more. `validate`
 * accepts the paths that are there. Source: https://docs.djangoproject.com/en/5.2/ref/models/fields/#filepathfield
 */
export class FilePathField extends TextField {
  override readonly kind = "filePath";

  constructor(options: FilePathOptions) {
    super({ maxLength: 100, ...options });
  }

  override checks(): FieldProblem[] {
    const { allowFiles = true, allowFolders = false } = this.options as unknown as FilePathOptions;
    const message = "Either allowFiles or allowFolders must be true.";
    return [...(allowFiles || allowFolders ? [] : [{ id: "fields.E140", message }]), ...super.checks()];
  }

  /** The paths that may be chosen, in order. Reads the directory. */
  paths(): string[] {
    const {
      path,
      match,
      recursive = false,
      allowFiles = true,
      allowFolders = false,
    } = this.options as unknown as FilePathOptions;
    const root = typeof path === "function" ? path() : path;
    const matches =
      match === undefined
        ? () => true
        : (name: string) => new RegExp(match.source, match.flags.replace(/[gy]/g, "")).test(name);
    return readdirSync(root, { withFileTypes: true, recursive })
      .filter((entry) => (entry.isDirectory() ? allowFolders : allowFiles) && matches(entry.name))
      .map((entry) => join(entry.parentPath, entry.name))
      .sort();
  }

  protected override checkChoice(value: unknown): void {
    super.checkChoice(value);
    if (value === "" || this.paths().includes(value as string)) return;
    throw new ValidationError({
      message: `Value '${value}' is not a valid choice.`,
      code: "invalid_choice",
      params: { value },
    });
  }

  protected override defaultOptions(): Readonly<Record<string, unknown>> {
    return { ...super.defaultOptions(), maxLength: 100 };
  }

  /** The directory and what it offers are no matter of the database. */
  protected override changedOptions(): Record<string, unknown> {
    const {
      path: _path,
      match: _match,
      recursive: _recursive,
      allowFiles: _files,
      allowFolders: _folders,
      ...options
    } = super.changedOptions();
    return options;
  }
}
