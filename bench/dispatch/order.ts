/** What a shop's service may send to a worker: nested, mixed types, 1 KiB serialized. */
export interface Order {
  sequence: number;
  readonly customer: object;
  readonly delivery: object;
  readonly lines: readonly object[];
  readonly totals: object;
  readonly placedAt: Date;
}

const titles = ['Reading lamp', 'Walnut desk', 'Office chair', 'Bookshelf', 'Wool rug'];

export function makeOrder(): Order {
  return {
    sequence: 0,
    customer: {
      id: 'c-20381',
      name: 'Ada Lovelace',
      email: 'ada@example.org',
      address: { street: '12 St James Square', city: 'London', postcode: 'SW1Y 4JH', country: 'GB' },
      newsletter: false,
    },
    delivery: {
      carrier: 'post',
      note: 'Please ring twice, or leave it with the neighbour on floor 2.',
      slots: [9, 12, 17],
      insured: true,
    },
    lines: titles.map((title, at) => ({
      sku: `SKU-${1_000 + at}`,
      title,
      quantity: at + 1,
      unitPrice: 19.95 + at,
      discount: at % 2 === 0 ? null : { code: 'SPRING', percent: 5 },
      tags: ['home', 'in stock'],
    })),
    totals: { net: 249.5, tax: 49.9, shipping: 0, gross: 299.4, currency: 'EUR' },
    placedAt: new Date(1_767_225_600_000),
  };
}
