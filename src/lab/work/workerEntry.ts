/** What a worker runs, be it a process or a thread. */
import { serve } from './serve.ts';
import { loadTask } from './task.ts';

serve(loadTask);
