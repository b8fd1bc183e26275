import { z } from 'zod';

/**
 * Import this before any schema is created: zod tests whether it may compile code, and the Content-Security-Policy
 * reports the attempt.
 */
z.config({ jitless: true });
