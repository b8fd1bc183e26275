import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * The hand-written base of the sample: one text file per topic in concepts/, a few lines per concept.
 *
 *   # name, as it reads in the middle of a sentence
 *   related: names of other concepts; separated by semicolons
 *   situation: what a person sees who needs the concept without knowing its name
 *   fact: something true about it
 *   advice: something to do
 *   myth: something wrong that is often said
 *   ask: title of a question
 *   more: what else its author writes
 *   best: what an expert answers
 *
 * `{this|that}` stands for either wording.
 */
export interface Concept {
  readonly name: string;
  readonly related: readonly string[];
  readonly situations: readonly string[];
  readonly facts: readonly string[];
  readonly advice: readonly string[];
  readonly myths: readonly string[];
  readonly asks: readonly Ask[];
}

export interface Ask {
  readonly title: string;
  readonly more: string;
  readonly best: string;
}

type Line = readonly [key: string, text: string];

const lists = { related: 'related', situation: 'situations', fact: 'facts', advice: 'advice', myth: 'myths' } as const;

/** All concepts, by file name and then in the order of the file. */
export function readConcepts(folder: string): Concept[] {
  const files = readdirSync(folder)
    .filter((name) => name.endsWith('.txt'))
    .sort();
  const concepts = files.flatMap((name) => parseConcepts(readFileSync(join(folder, name), 'utf8'), name));
  const names = new Set(concepts.map(({ name }) => name));
  if (names.size < concepts.length) throw new Error('Two concepts have the same name.');
  for (const { name, related } of concepts) {
    const unknown = related.find((other) => !names.has(other));
    if (unknown !== undefined) throw new Error(`"${name}" is related to "${unknown}", which is not a concept.`);
  }
  return concepts;
}

export function parseConcepts(text: string, file: string): Concept[] {
  return text
    .split(/^# /m)
    .filter((section) => section.trim() !== '')
    .map((section) => {
      const [name = '', ...rest] = section.trim().split('\n');
      return parseConcept(name.trim(), rest.filter((line) => line.trim() !== '').map(splitLine), file);
    });
}

function splitLine(line: string): Line {
  const colon = line.indexOf(': ');
  return [line.slice(0, colon), line.slice(colon + 2).trim()];
}

function parseConcept(name: string, lines: readonly Line[], file: string): Concept {
  const concept = {
    name,
    related: [] as string[],
    situations: [] as string[],
    facts: [] as string[],
    advice: [] as string[],
    myths: [] as string[],
    asks: [] as Ask[],
  };
  for (let index = 0; index < lines.length; index++) {
    const [key, text] = lines[index]!;
    if (key === 'related') concept.related.push(...text.split('; '));
    else if (key in lists) concept[lists[key as keyof typeof lists]].push(text);
    else {
      concept.asks.push(parseAsk(lines.slice(index, index + 3), `${file}, ${name}`));
      index += 2;
    }
  }
  const empty = Object.entries(concept).find(([, value]) => value.length === 0);
  if (empty) throw new Error(`${file}: "${name}" has no ${empty[0]}.`);
  return concept;
}

function parseAsk(lines: readonly Line[], where: string): Ask {
  const keys = lines.map(([key]) => key).join(', ');
  if (keys !== 'ask, more, best') throw new Error(`${where}: expected ask, more, best, found ${keys}.`);
  const [title, more, best] = lines.map(([, text]) => text);
  return { title: title!, more: more!, best: best! };
}
