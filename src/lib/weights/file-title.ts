// How a file of weights is called in messages.
import { isImported } from '../models/remote-path.ts';

/** What its publisher calls it: the last part of its address, or all of it when that part is no file name. */
export function fileTitle(url: string): string {
  if (isImported(url)) return 'The model';
  const path = decodeURIComponent(url.replace(/[?#].*$/, ''));
  const name = path.slice(path.lastIndexOf('/') + 1);
  return name.includes('.') ? name : path.replace(/^https:\/\//, '');
}
