import sax, { type SAXOptions, type SAXParser } from 'sax';
import { LabError } from '../../shared/errors.ts';
import { readAsUtf8, type InputFile, type InspectOptions } from './encoding.ts';

/** The most that sax may collect before it reports an error: an attribute (posts have 30,000 characters at most), a name, a comment. */
const maximumLength = 1024 * 1024;
/** Of one row; a dump's posts have some 20. */
const maximumAttributes = 200;

/** Properties of sax that its types do not have. */
interface Parser extends SAXParser {
  /** What was read of a DOCTYPE so far; true once it has ended. */
  readonly doctype: string | true | undefined;
  /** Of the entity at which an error occurred, without & and ;. */
  entity: string;
}
interface Options extends SAXOptions {
  readonly strictEntities: boolean;
}

(sax as { MAX_BUFFER_LENGTH?: number }).MAX_BUFFER_LENGTH = maximumLength;
const options: Options = { strictEntities: true };

export interface XmlRow {
  /** Line of the file on which the element begins, from 1. */
  readonly line: number;
  /** In place of a character that XML does not allow, a NUL. */
  readonly attributes: Readonly<Record<string, string>>;
}

/**
 * Streams the elements of a file laid out as `<root><row a="…" …/>…</root>`, as a Stack Exchange dump
 * is. Memory is bounded by the largest row. Nothing is fetched, and only the five entities of
 * XML and characters by number are expanded.
 *
 * @throws LabError with the place, if the file is not XML, has another layout, is cut short or has a DOCTYPE
 */
export async function* readXmlRows(
  file: InputFile,
  layout: { readonly root: string; readonly row: string },
  options: Pick<InspectOptions, 'signal' | 'onBytes'> = {},
): AsyncGenerator<XmlRow, void> {
  const parser = new RowParser(file.name, layout);
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  for await (const bytes of readAsUtf8(file, options)) yield* parser.push(decoder.decode(bytes, { stream: true }));
  parser.finish();
}

class RowParser {
  readonly #name: string;
  readonly #layout: { readonly root: string; readonly row: string };
  readonly #parser = sax.parser(true, options) as Parser;
  #rows: XmlRow[] = [];
  #depth = 0;
  #elements = 0;
  /** Of the element that is read now. */
  #line = 0;
  #attributes = 0;
  #ending = false;

  constructor(name: string, layout: { readonly root: string; readonly row: string }) {
    this.#name = name;
    this.#layout = layout;
    this.#parser.onerror = (error) => this.#handleError(error);
    this.#parser.onopentagstart = ({ name: element }) => this.#beginElement(element);
    this.#parser.onattribute = ({ name: attribute }) => this.#checkAttribute(attribute);
    this.#parser.onopentag = ({ name: element, attributes }) => {
      if (element !== layout.row) return;
      this.#rows.push({ line: this.#line, attributes: withNul(attributes as Record<string, string>) });
    };
    this.#parser.onclosetag = () => void this.#depth--;
    this.#parser.ontext = (text) => {
      if (text.trim() !== '') throw this.#unexpected(`the text "${text.trim().slice(0, 40)}"`);
    };
    this.#parser.onopencdata = () => {
      throw this.#unexpected('a CDATA section');
    };
    this.#parser.onsgmldeclaration = (declaration) => {
      throw this.#unexpected(`the declaration "${declaration.slice(0, 40)}"`);
    };
    this.#parser.ondoctype = () => {
      throw this.#hasDoctype();
    };
  }

  /** Rows that `text` completes. */
  push(text: string): XmlRow[] {
    this.#parser.write(text);
    // Before the end of the DOCTYPE, too: it may never come.
    if (this.#parser.doctype) throw this.#hasDoctype();
    const rows = this.#rows;
    this.#rows = [];
    return rows;
  }

  finish(): void {
    this.#ending = true;
    this.#parser.close();
    if (this.#elements === 0) throw this.#failure('it has no elements', this.#layoutHint());
  }

  #beginElement(element: string): void {
    const expected = [this.#layout.root, this.#layout.row][this.#depth++];
    this.#elements++;
    if (element !== expected) throw this.#unexpected(`<${element.slice(0, 40)}>`);
    this.#line = this.#parser.line + 1;
    this.#attributes = 0;
  }

  #checkAttribute(name: string): void {
    if (++this.#attributes > maximumAttributes)
      throw this.#unexpected(`an element with more than ${maximumAttributes} attributes`);
    // sax keeps attributes in a plain object, and calls methods of that object.
    if (name in Object.prototype) throw this.#unexpected(`the attribute "${name}"`);
  }

  #handleError(error: Error): void {
    const [problem] = error.message.split('\n');
    if (problem === 'Invalid character entity' && this.#parser.entity.startsWith('#')) {
      // sax then puts "&entity;" into the value: as NUL, it is found there and removed.
      this.#parser.entity = '\0';
      this.#parser.resume();
      return;
    }
    if (this.#ending)
      throw this.#failure(
        'it is not complete: it ends in the middle',
        'Get the whole file and import it again.',
        error,
      );
    if (problem === 'Invalid character entity')
      throw this.#failure(
        `the entity "&${this.#parser.entity.slice(0, 40)};" is not one of XML's own`,
        doctypeHint,
        error,
      );
    if (problem?.startsWith('Max buffer length'))
      throw this.#failure('an attribute or name is larger than 1 MiB', this.#layoutHint(), error);
    throw this.#failure(`it is not well-formed XML: ${problem}`, this.#layoutHint(), error);
  }

  #hasDoctype(): LabError {
    return this.#failure('it has a DOCTYPE', doctypeHint);
  }

  #unexpected(found: string): LabError {
    return this.#failure(`${found} is not expected there`, this.#layoutHint());
  }

  #layoutHint(): string {
    const { root, row } = this.#layout;
    return `Expected: <${root}> with elements <${row} …/> and nothing else, as in a Stack Exchange data dump.`;
  }

  #failure(what: string, fix: string, cause?: Error): LabError {
    const { line, column } = this.#parser;
    return new LabError('data', `${this.#name}, line ${line + 1}, column ${column}: ${what}.`, fix, { cause });
  }
}

const doctypeHint =
  'Files with a DOCTYPE or entities of their own are refused: data dumps do not have them, and they can expand without end.';

function withNul(attributes: Record<string, string>): Record<string, string> {
  const entries = Object.entries(attributes);
  if (!entries.some(([, value]) => value.includes('\0'))) return attributes;
  return Object.fromEntries(entries.map(([name, value]) => [name, value.replaceAll('&\0;', '\0')]));
}
