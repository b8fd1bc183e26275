import { z } from 'zod';

/**
 * `schema.safeParse`, which never throws. Zod 4.6 reads the length of texts and lists before it checks their type: an
 * object whose `length` cannot be compared, such as `{"length":{"toString":1}}`, causes a TypeError.
 */
export function safeParse<Schema extends z.ZodType>(
  schema: Schema,
  value: unknown,
): z.ZodSafeParseResult<z.output<Schema>> {
  try {
    return schema.safeParse(value);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    return {
      success: false,
      error: new z.ZodError([
        {
          code: 'custom',
          path: [],
          input: value,
          message: 'Invalid input: expected a text or a list, received an object with a "length"',
        },
      ]) as z.ZodError<z.output<Schema>>,
    };
  }
}
