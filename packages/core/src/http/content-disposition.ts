/**
 * The header that names a download, or undefined where there is nothing to say. Other names than plain ASCII come in the
 * form of RFC 8187, which all browsers read.
 */
export function contentDisposition(asAttachment: boolean, filename: string | undefined): string | undefined {
  const kind = asAttachment ? "attachment" : "inline";
  if (filename === undefined || filename === "") return asAttachment ? kind : undefined;
  if (/^[\x20-\x7e]*$/.test(filename)) return `${kind}; filename="${filename.replace(/[\\"]/g, "\\$&")}"`;
  const encoded = encodeURIComponent(filename.toWellFormed()).replace(
    /['()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `${kind}; filename*=utf-8''${encoded}`;
}
