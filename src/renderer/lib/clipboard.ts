/** Puts a text into the clipboard. Rejects where the browser does not let pages do that, as over plain HTTP from another machine. */
export async function copyText(text: string): Promise<void> {
  if (!navigator.clipboard) throw new Error('this browser allows access to the clipboard only on secure pages');
  await navigator.clipboard.writeText(text);
}
