/** A step, and a moment in milliseconds since 1970. */
export interface StepMoment {
  readonly step: number;
  readonly at: number;
}

/**
 * The delay of each step from sending to the first picture that shows it or a later step. Pictures are in order of
 * time. Throws a RangeError for a step that was never shown: otherwise the longest delay would be missing.
 */
export function delays(sent: readonly StepMoment[], pictures: readonly StepMoment[]): number[] {
  return sent.map(({ step, at }) => {
    const shown = pictures.find((picture) => picture.step >= step);
    if (!shown) throw new RangeError(`Step ${step} was sent and never shown.`);
    return shown.at - at;
  });
}
