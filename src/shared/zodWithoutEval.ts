import { z } from 'zod';

/**
 * Imported before any schema is made: zod finds out by trying whether it may compile code, and the
 * Content-Security-Policy reports the attempt.
 */
z.config({ jitless: true });
