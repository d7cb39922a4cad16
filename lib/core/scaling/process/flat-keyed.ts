/** A number of a file with lines `key value`, as the kernel writes them; `null` where the key is missing. */
export function flatKeyed(text: string | null, key: string): number | null {
  const found = text?.match(new RegExp(`^${key} (\\d+)$`, 'm'));
  return found ? Number(found[1]) : null;
}
