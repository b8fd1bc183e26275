declare module 'snowball-stemmers' {
  /** @param algorithm name of a language, such as "english" */
  export function newStemmer(algorithm: string): { stem(word: string): string };
}
