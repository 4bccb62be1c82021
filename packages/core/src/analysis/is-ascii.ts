/** Whether a text is of ASCII alone: much faster than anything that looks at its characters one by one. */
export const isAscii = (text: string): boolean => ASCII.test(text);

const ASCII = /^\p{ASCII}*$/u;
