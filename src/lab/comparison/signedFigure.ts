/** With a minus sign in front of what is negative as it is shown: never −0. */
export function signedFigure(value: number, digits: number): string {
  const size = Math.abs(value).toFixed(digits);
  return value < 0 && Number(size) !== 0 ? `−${size}` : size;
}
