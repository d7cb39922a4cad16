const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
/** Text as it may stand in an element or in an attribute, whatever it holds. */
export function escaped(text: string): string {
  return Array.from(text, (character) => ESCAPES[character] ?? (isInXml(character) ? character : '\ufffd')).join('');
}

/** What XML 1.0 cannot hold, not even escaped: controls but for tab and line ends, and halves of surrogate pairs. */
function isInXml(character: string): boolean {
  const code = character.codePointAt(0)!;
  if (code < 0x20) return code === 0x9 || code === 0xa || code === 0xd;
  return !(code >= 0xd800 && code <= 0xdfff) && code !== 0xfffe && code !== 0xffff;
}

/** An element. Attributes are escaped; `content` is taken as it is. */
export function element(name: string, attributes: Readonly<Record<string, string | number>>, content = ''): string {
  const list = Object.entries(attributes).map(([key, value]) => ` ${key}="${escaped(String(value))}"`);
  return content === '' ? `<${name}${list.join('')}/>` : `<${name}${list.join('')}>${content}</${name}>`;
}

/** Text at a place. */
export function label(
  x: number,
  y: number,
  text: string,
  attributes: Readonly<Record<string, string | number>> = {},
): string {
  return element('text', { x: short(x), y: short(y), ...attributes }, escaped(text));
}

/** A coordinate to a tenth of a pixel. */
export function short(value: number): number {
  return Math.round(value * 10) / 10;
}
