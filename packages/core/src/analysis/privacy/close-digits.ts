/**
 * Whether seven digits stand close together, with at most four blanks or signs of grouping between two of them: what
 * a telephone, card or social security number cannot do without. Much cheaper than looking for each of them.
 */
export const hasCloseDigits = (text: string): boolean => CLOSE.test(text);

const CLOSE = /\d(?:[ ./()-]{0,4}\d){6}/;
