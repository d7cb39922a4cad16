import {
  isAlias,
  isMap,
  isNode,
  isScalar,
  isSeq,
  LineCounter,
  parseDocument,
  visit,
  type Document,
  type Node,
  type Pair,
} from 'yaml';
import { ConfigProblem } from './config-problem.js';

/** Keys and indexes from the top of a document. */
export type NodePath = readonly (string | number)[];

/** Nodes that aliases may repeat before a document is taken for an attack. */
const MOST_ALIASED = 100;

/** A YAML document: its value, and where each part of it stands. */
export class ConfigDocument {
  readonly value: unknown;
  readonly #document: Document;
  readonly #lines = new LineCounter();

  /** @throws ConfigProblem for what is no YAML, for duplicate keys, unknown tags and aliases that multiply. */
  constructor(text: string) {
    const document = parsed(text, this.#lines);
    this.#document = document;
    const [error] = [...document.errors, ...document.warnings];
    if (error) throw this.#problemAt(error.pos[0], `this is no valid YAML: ${error.message}`, error);
    this.#refuseDuplicates();
    this.value = this.#toValue();
  }

  /** The problem, at the value or at the `key` of `path`; at the nearest part above where there is no such thing. */
  problem(message: string, path: NodePath, at: 'key' | 'value' = 'value'): ConfigProblem {
    return this.#problemAt(this.#offsetOf(path, at), message);
  }

  /** The library's own check compares each key with each other one: seven seconds for a long file. */
  #refuseDuplicates(): void {
    visit(this.#document, {
      Map: (_, { items }) => {
        const seen = new Set<string>();
        for (const { key } of items) {
          const name = keyOf(isAlias(key) ? key.resolve(this.#document) : key);
          if (name === null) continue;
          const message = `the key ${JSON.stringify(name)} stands here a second time. Keep one of the two.`;
          if (seen.has(name)) throw this.#problemAt(offsetOf(key) ?? 0, message);
          seen.add(name);
        }
      },
    });
  }

  #toValue(): unknown {
    try {
      return this.#document.toJS({ maxAliasCount: MOST_ALIASED });
    } catch (cause) {
      let offset = 0;
      visit(this.#document, {
        Alias(_, { range }) {
          offset = range?.[0] ?? 0;
          return visit.BREAK;
        },
      });
      const { message } = cause as Error;
      const told = message.startsWith('Unresolved alias') ? 'an alias has no anchor' : 'aliases repeat too much';
      throw this.#problemAt(offset, `${told}: ${message}. Write it out.`, cause);
    }
  }

  #offsetOf(path: NodePath, at: 'key' | 'value'): number {
    let node: unknown = this.#document.contents;
    let offset = offsetOf(node) ?? 0;
    for (const [index, step] of path.entries()) {
      if (isAlias(node)) node = node.resolve(this.#document);
      const pair = isMap(node) ? node.items.find(({ key }) => keyOf(key) === String(step)) : undefined;
      const next: unknown = isSeq(node) ? node.items[Number(step)] : pair?.value;
      const isAtKey = pair !== undefined && at === 'key' && index === path.length - 1;
      const found = isAtKey ? offsetOf(pair.key) : (offsetOf(next) ?? offsetOf(pair?.key));
      if (found === null) break;
      offset = found;
      node = next;
    }
    return offset;
  }

  #problemAt(offset: number, message: string, cause?: unknown): ConfigProblem {
    const { line, col } = this.#lines.linePos(offset);
    return new ConfigProblem(message, Math.max(1, line), Math.max(1, col), { cause });
  }
}

/** YAML 1.2, whatever the document says of itself: the tags of 1.1 make sets, maps and dates, which no schema can judge. */
const CORE = { schema: 'core', merge: false, resolveKnownTags: false } as const;

/** Hostile depth overflows the stack of the parser. */
function parsed(text: string, lineCounter: LineCounter): Document {
  try {
    return parseDocument(text, { ...CORE, lineCounter, prettyErrors: false, logLevel: 'error', uniqueKeys: false });
  } catch (cause) {
    throw new ConfigProblem(`this cannot be read as YAML: ${(cause as Error).message}.`, 1, 1, { cause });
  }
}

function keyOf(key: Pair['key']): string | null {
  return isScalar(key) ? String(key.value) : null;
}

/** Where a node begins; an empty value has no place of its own. */
function offsetOf(node: unknown): number | null {
  if (!isNode(node)) return null;
  const { range } = node as Node;
  if (!range || (isScalar(node) && node.value === null && range[0] === range[1])) return null;
  return range[0];
}
