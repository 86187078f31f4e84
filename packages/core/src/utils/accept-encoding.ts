/** The most entries of the header that are read. */
const MOST = 50;

/** Whether an `Accept-Encoding` takes an encoding, and does not rule it out; gzip may be called x-gzip. */
export function acceptsEncoding(header: string | undefined, encoding: "br" | "gzip"): boolean {
  if (header === undefined) return false;
  return header.split(",", MOST).some((entry) => {
    const [name, ...parameters] = entry.split(";").map((part) => part.trim().toLowerCase());
    if (name !== encoding && name !== `x-${encoding}`) return false;
    return !parameters.some((parameter) => /^q=0(?:\.0{0,3})?$/.test(parameter));
  });
}
