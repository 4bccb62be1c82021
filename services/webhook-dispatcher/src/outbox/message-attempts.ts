/**
 * The delivery's record decides which attempt is the last one. The message's own count also rises with every turn that
 * was put off, so it only has to be out of the way.
 */
export const MESSAGE_ATTEMPTS = 1_000_000_000;
