import { parseJson } from '../../../src/shared/parseJson.ts';
import { oneOf, type Mutator, type Random } from '../target.ts';

/** JSON that can have duplicate keys and keeps the text of numbers. */
type Node = string | Node[] | ObjectNode;

interface ObjectNode {
  readonly entries: [key: string, value: Node][];
}

/** Changes values, keys, types and depth of a JSON text. Does not change texts that are not JSON or are too deep. */
export const mutateJson: Mutator = (input, random) => {
  const node = readNode(input.toString('utf8'));
  return node === null ? input : Buffer.from(write(mutated(node, random)));
};

/** Several objects, one per line. */
export const mutateJsonLine: Mutator = (input, random) => {
  const lines = input.toString('utf8').split('\n');
  const at = random.integer(lines.length);
  lines[at] = mutateJson(Buffer.from(lines[at]!), random).toString('utf8');
  return Buffer.from(lines.join('\n'));
};

/** Far below the stack limit: an input must be the same in every thread. */
const deepest = 500;

function readNode(text: string): Node | null {
  try {
    return toNode(parseJson(text), 0);
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof RangeError) return null;
    throw error;
  }
}

function toNode(value: unknown, depth: number): Node {
  if (depth > deepest) throw new RangeError('too deep');
  if (Array.isArray(value)) return value.map((child) => toNode(child, depth + 1));
  if (typeof value === 'object' && value !== null)
    return { entries: Object.entries(value).map(([key, child]) => [key, toNode(child, depth + 1)]) };
  return JSON.stringify(value);
}

type Part = Node | { readonly text: string };

/** Iterative, because mutations change the depth. */
function write(node: Node): string {
  const pieces: string[] = [];
  const left: Part[] = [node];
  for (let next = left.pop(); next !== undefined; next = left.pop()) {
    if (typeof next === 'string') pieces.push(next);
    else if ('text' in next) pieces.push(next.text);
    else {
      const [opening, closing] = Array.isArray(next) ? '[]' : '{}';
      left.push({ text: closing! }, ...partsOf(next).toReversed(), { text: opening! });
    }
  }
  return pieces.join('');
}

/** Between the brackets. */
function partsOf(node: Node[] | ObjectNode): Part[] {
  const children: Part[][] = Array.isArray(node)
    ? node.map((child) => [child])
    : node.entries.map(([key, child]) => [{ text: `${JSON.stringify(key)}:` }, child]);
  return children.flatMap((child, index) => (index === 0 ? child : [{ text: ',' }, ...child]));
}

/** Chooses a random node and changes it. */
function mutated(node: Node, random: Random): Node {
  const size = childrenOf(node).length;
  if (size === 0 || random.integer(4) === 0) return changed(node, random);
  const at = random.integer(size);
  if (Array.isArray(node)) return node.with(at, mutated(node[at]!, random));
  const { entries } = node as ObjectNode;
  const [key, child] = entries[at]!;
  return {
    entries: entries.with(
      at,
      random.integer(5) === 0 ? [otherKey(key, entries, random), child] : [key, mutated(child, random)],
    ),
  };
}

function childrenOf(node: Node): readonly Node[] {
  if (typeof node === 'string') return [];
  return Array.isArray(node) ? node : node.entries.map(([, child]) => child);
}

const values: readonly string[] = [
  ...[
    'null',
    'true',
    'false',
    '0',
    '-0',
    '-1',
    '1',
    '0.5',
    '1e308',
    '1e999',
    '-1e999',
    '9007199254740993',
    '4294967296',
    '2147483648',
    '100000000000',
    '1e-400',
  ],
  ...[
    '""',
    '"x"',
    '" "',
    '"\\u0000"',
    '"\\ud800"',
    '"__proto__"',
    '"NaN"',
    '"1"',
    '"../../x"',
    '"\\n"',
    '[]',
    '{}',
    '[null]',
    '{"__proto__":null}',
    '{"toString":1}',
  ],
];

function changed(node: Node, random: Random): Node {
  switch (random.integer(6)) {
    case 0:
      return nested(node, random);
    case 1:
      return withoutOne(node, random);
    case 2:
      return withOneTwice(node, random);
    case 3:
      return typeof node === 'string' && node.startsWith('"')
        ? JSON.stringify((JSON.parse(node) as string).repeat(1 + random.integer(200)))
        : oneOf(values, random);
    default:
      return oneOf(values, random);
  }
}

function nested(node: Node, random: Random): Node {
  const depth = 1 + random.integer(random.integer(20) === 0 ? 20_000 : 3);
  const inList = random.integer(2) === 0;
  let result = node;
  for (let i = 0; i < depth; i++) result = inList ? [result] : { entries: [['a', result]] };
  return result;
}

function withoutOne(node: Node, random: Random): Node {
  const size = childrenOf(node).length;
  if (size === 0) return 'null';
  const at = random.integer(size);
  return Array.isArray(node) ? node.toSpliced(at, 1) : { entries: (node as ObjectNode).entries.toSpliced(at, 1) };
}

/** Duplicates a key, possibly with another value. */
function withOneTwice(node: Node, random: Random): Node {
  const size = childrenOf(node).length;
  if (size === 0) return [node, node];
  const at = random.integer(size);
  const value = random.integer(2) === 0 ? childrenOf(node)[at]! : oneOf(values, random);
  if (Array.isArray(node)) return node.toSpliced(at, 0, value);
  const { entries } = node as ObjectNode;
  return { entries: [...entries, [entries[at]![0], value]] };
}

function otherKey(key: string, entries: readonly [string, Node][], random: Random): string {
  return oneOf(
    [`${key} `, key.toUpperCase(), '', '__proto__', 'constructor', 'toString', oneOf(entries, random)[0]],
    random,
  );
}
