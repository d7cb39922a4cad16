/** A class of the application, named in `errors` of the pool module. */
export class OutOfPaper extends Error {
  override readonly name = 'OutOfPaper';

  constructor(
    message: string,
    readonly sheetsMissing: number,
  ) {
    super(message);
  }
}
