/** What a person asked for cannot be done as it stands; the message says why, and no stack is shown. */
export class BadInput extends Error {
  override name = 'BadInput';
}
