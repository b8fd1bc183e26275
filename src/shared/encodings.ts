/**
 * Encodings of text files that an import reads: those of the platform's decoder, by its names, and latin-1, which for the
 * platform is another name of windows-1252.
 */
export const encodings = [
  'utf-8',
  'utf-16le',
  'utf-16be',
  'latin-1',
  'windows-1252',
  'gb18030',
  'gbk',
  'big5',
  'shift_jis',
  'euc-jp',
  'iso-2022-jp',
  'euc-kr',
  'windows-874',
  'windows-1250',
  'windows-1251',
  'windows-1253',
  'windows-1254',
  'windows-1255',
  'windows-1256',
  'windows-1257',
  'windows-1258',
  'iso-8859-2',
  'iso-8859-3',
  'iso-8859-4',
  'iso-8859-5',
  'iso-8859-6',
  'iso-8859-7',
  'iso-8859-8',
  'iso-8859-10',
  'iso-8859-13',
  'iso-8859-14',
  'iso-8859-15',
  'iso-8859-16',
  'koi8-r',
  'koi8-u',
  'ibm866',
  'macintosh',
  'x-mac-cyrillic',
] as const;
export type Encoding = (typeof encodings)[number];

/** The encoding that a name means, such as "cp1251" or "GB2312"; undefined if the platform has no decoder for it. */
export function encodingNamed(name: string): Encoding | undefined {
  const lower = name.trim().toLowerCase();
  const known = encodings.find((encoding) => encoding === lower || encoding.replace(/[-_]/g, '') === lower);
  return known ?? encodings.find((encoding) => encoding === decoderName(lower.replace(/^cp(?=125|874)/, 'windows-')));
}

function decoderName(label: string): string | undefined {
  try {
    return new TextDecoder(label).encoding;
  } catch {
    return undefined;
  }
}
