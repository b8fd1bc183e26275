import { createRequire } from 'node:module';

/** The package has no types. */
const { newStemmer } = createRequire(import.meta.url)('snowball-stemmers') as {
  newStemmer: (language: string) => { stem(word: string): string };
};

/** Frequent words of each language that the stemmers know: what a text is mostly written in shows in them. */
const functionWords = {
  danish: 'og at det en den til er som på de med han af for ikke der var mig sig men et har om vi',
  dutch: 'de en van ik te dat die in een hij het niet zijn is was op aan met als voor had er maar om',
  english:
    'a an and are as at be but by for if in into is it no not of on or such that the their then there these they this to was will with',
  finnish: 'ja on ei se että oli hän mutta ovat kun niin kuin myös tai jos joka mitä voi nyt sitten vain',
  french: 'de la le et les des en un du une que est pour qui dans par plus pas au sur se ne avec il sont ce',
  german: 'der die und in den von zu das mit sich des auf für ist im dem nicht ein eine als auch es an werden aus',
  hungarian: 'a az és hogy nem is egy ez azt csak meg van már volt mint de ha kell mert ami fel',
  italian: 'di e il la che in un a per è una sono non del le con si da della nel dei più come anche ma',
  norwegian: 'og i jeg det at en et den til er som på de med han av ikke der så var meg seg men har om',
  portuguese: 'de a o que e do da em um para com não uma os no se na por mais as dos como mas ao ele das',
  romanian: 'de și în a la cu pe o că nu un din care este mai sau ce pentru sunt prin să se au fi',
  russian: 'и в не на что я с как а то все она так его но да ты к у же вы за бы по ее мне было вот от',
  spanish: 'de la que el en y a los se del las un por con no una su para es al lo como más o pero sus',
  swedish: 'och i att det som en på är av för med till den har de inte om ett han men var jag sig från vi',
  turkish: 've bir bu da de için ne ile çok daha gibi ama olarak en kadar var mi o sonra ki',
} as const;

export type Language = keyof typeof functionWords;
/**
 * How a text becomes terms. `words`: runs of letters and digits in lower case. `pairs`: the same, but in scripts without
 * spaces between words (Chinese, Japanese, Thai, Lao, Khmer, Burmese) each two neighbouring characters, as Lucene's
 * CJKAnalyzer does. A language: the same, with words stemmed by Snowball; in English without Lucene's stop words.
 */
export type Analyzer = 'words' | 'pairs' | Language;

const word = /[\p{L}\p{N}]+/gu;
const wordWithMarks = /[\p{L}\p{N}][\p{L}\p{N}\p{M}]*/gu;
const withoutSpaces =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}ー]+/u;
const parts = new RegExp(`(${withoutSpaces.source})`, 'u');
const englishStopWords = new Set(functionWords.english.split(' '));

/** The terms of a text, in order. */
export function termsOf(analyzer: Analyzer): (text: string) => string[] {
  if (analyzer === 'words') return (text) => text.toLowerCase().match(word) ?? [];
  const stem = analyzer === 'pairs' ? (each: string) => each : cachedStemmer(analyzer);
  const isStopWord = (each: string): boolean => analyzer === 'english' && englishStopWords.has(each);
  return (text) =>
    (text.toLowerCase().match(wordWithMarks) ?? []).flatMap((found) =>
      found
        .split(parts)
        .flatMap((part, index) =>
          index % 2 === 1 ? pairsOf(part) : part === '' || isStopWord(part) ? [] : [stem(part)],
        ),
    );
}

function pairsOf(run: string): string[] {
  const characters = [...run];
  return characters.length === 1 ? characters : characters.slice(1).map((each, index) => characters[index]! + each);
}

/** Texts repeat their words: each is stemmed once. */
function cachedStemmer(language: Language): (word: string) => string {
  const stemmer = newStemmer(language);
  const stems = new Map<string, string>();
  return (each) => {
    const known = stems.get(each) ?? stemmer.stem(each);
    stems.set(each, known);
    return known;
  };
}

/** A language is taken for the one of a text if this share of its words are function words. */
const sufficientShare = 0.1;
/** Scripts without spaces count if they have this share of the letters. */
const sufficientLetters = 0.05;

/** The analyzers that may suit texts: `words`, and what their scripts and their language ask for. */
export function candidateAnalyzers(texts: readonly string[]): Analyzer[] {
  const text = texts.join('\n').toLowerCase();
  const words = text.match(word) ?? [];
  const letters = text.match(/\p{L}/gu)?.length ?? 0;
  const unspaced = text.match(new RegExp(withoutSpaces.source, 'gu'))?.join('').length ?? 0;
  const language = likelyLanguage(words);
  return [
    'words',
    ...(unspaced > sufficientLetters * letters ? (['pairs'] as const) : []),
    ...(language ? [language] : []),
  ];
}

function likelyLanguage(words: readonly string[]): Language | undefined {
  const shares = (Object.entries(functionWords) as [Language, string][]).map(([language, list]) => {
    const known = new Set(list.split(' '));
    return { language, share: words.filter((each) => known.has(each)).length / words.length };
  });
  const best = shares.reduce((a, b) => (b.share > a.share ? b : a));
  return best.share >= sufficientShare ? best.language : undefined;
}
