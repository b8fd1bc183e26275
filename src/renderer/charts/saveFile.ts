/** Saves a file where the person says: a browser downloads it, Electron asks with its save dialog. */
export function saveFile(name: string, content: Blob): void {
  const address = URL.createObjectURL(content);
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  // By then the download has its own hold of the content.
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}

/** `title` with what any file system refuses taken out, and an extension. */
export function fileName(title: string, extension: string): string {
  const stem = title
    .replace(/[\\/:*?"<>|\p{Cc}]+/gu, '-')
    .replace(/\s+/g, ' ')
    .trim()
    .replace(/^\.+|[. ]+$/g, '');
  return `${stem.slice(0, 120) || 'losslab'}.${extension}`;
}

export function saveCsv(title: string, csv: string): void {
  saveFile(fileName(title, 'csv'), new Blob([csv], { type: 'text/csv;charset=utf-8' }));
}
