import diagram from './state-machine.md?raw';

const ARROW = /^ +(?<from>\S+) --> (?<to>[^\s:]+)(?:: (?<event>\S+))?$/gm;

/** The arrows of a state diagram; an end of it is `[*]`, and its arrows have no event. */
export const readArrows = (text: string) =>
  [...text.matchAll(ARROW)].map(({ groups }) => ({
    from: groups?.['from'],
    to: groups?.['to'],
    event: groups?.['event'],
  }));

export const DRAWN = readArrows(diagram);
