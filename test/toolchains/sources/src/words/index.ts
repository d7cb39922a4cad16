/** An enum is code, not only a type: to leave types out is not enough. */
export enum Salutation {
  Hello = 'hello',
}
