/** A step, and a moment in milliseconds since 1970. */
export interface StepMoment {
  readonly step: number;
  readonly at: number;
}

/**
 * How long each step took from where it was sent until a picture with it, or with one after it, was
 * shown. Pictures are in the order of time. A step that was never shown is a RangeError: its delay
 * would be missing where it is the longest.
 */
export function delays(sent: readonly StepMoment[], pictures: readonly StepMoment[]): number[] {
  return sent.map(({ step, at }) => {
    const shown = pictures.find((picture) => picture.step >= step);
    if (!shown) throw new RangeError(`Step ${step} was sent and never shown.`);
    return shown.at - at;
  });
}
