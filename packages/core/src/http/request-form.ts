import { MultiValueDict } from "./multi-value-dict.ts";
import { QueryDict } from "./query-dict.ts";
import type { UploadedFile } from "./uploaded-file.ts";

/** A form that was sent: its fields, and its files under `files`. */
export class RequestForm extends QueryDict {
  /** Empty where the form is not multipart. */
  readonly files: MultiValueDict<UploadedFile> = new MultiValueDict();

  override freeze(): this {
    this.files.freeze();
    return super.freeze();
  }

  override copy(): this {
    const copy = super.copy();
    copy.files.update(this.files);
    return copy;
  }

  /** Fields and files by name, without prototype. What schemas check. */
  toSchemaInput(): Record<string, unknown> {
    return Object.assign(this.toObject(), this.files.toObject());
  }
}
