/** A text as one word of a command line that somebody may copy into a shell: nothing in it is run. */
export function shellWord(text: string): string {
  const word = /^[\w.:@%+=,/-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;
  return text.startsWith('-') ? `-- ${word}` : word;
}
