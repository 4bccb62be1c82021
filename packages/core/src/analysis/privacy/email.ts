import type { Detector } from './detector.ts';

/** `name@host.tld`, letters of any script, `%40` for the @ as in addresses of pages. */
export const email: Detector = { name: 'email', find: (text) => hasAt(text) && ADDRESS.test(text) };

/** Most texts have none, and to know that takes a hundredth of the pattern's time. */
const hasAt = (text: string): boolean => text.includes('@') || text.includes('%40');

const ADDRESS =
  /[\p{L}\p{N}._%+'-]{1,64}(?:@|%40)(?:[\p{L}\p{N}-]{1,63}\.){1,8}(?:xn--[a-z0-9-]{2,59}|\p{L}{2,24})/iu;
