/** What the window, the browser's tab and its history call a screen: what is most particular comes first. */
export function showTitle(...parts: readonly string[]): void {
  document.title = [...parts, 'LossLab'].join(' – ');
}
