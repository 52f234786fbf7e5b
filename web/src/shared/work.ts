import type { Processing, Work } from './types.ts';

/** What is being done with a file, for people. */
export function doing(processing: Processing, work: Work | null): string {
  if (processing === 'queued' || !work)
    return processing === 'queued' ? 'Waiting its turn…' : 'Preparing…';
  switch (work.step) {
    case 'capturing':
      return 'Capturing the web page…';
    case 'converting':
      return 'Converting the file…';
    case 'opening':
      return 'Opening the file…';
    case 'rendering':
      return work.total > 1 ? `Preparing ${work.done} of ${work.total}` : 'Preparing the page…';
  }
}
