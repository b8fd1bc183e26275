import { z } from 'zod';

/**
 * `schema.safeParse`, which never throws. Zod 4.6 measures texts and lists before it knows that they are any: an object in
 * their place whose `length` is an object that cannot be compared, as `{"length":{"toString":1}}`, ends it with a TypeError.
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
